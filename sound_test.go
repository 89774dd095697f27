package gateway

import (
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

// Z10, Z11, C2, N4: for every name of a mixed zone, above, below and beside it, and for every type: the replies do
// not contradict each other.
func TestSoundReplies(t *testing.T) {
	f := mixedFixture(t)
	for _, name := range relatives(claimedNames(f)) {
		f.sound(name)
	}
}

// relatives are names and what is around them.
func relatives(owners []string) (list []string) {
	seen := map[string]bool{}
	add := func(name string) {
		if _, ok := dns.IsDomainName(name); ok && !seen[name] {
			seen[name] = true
			list = append(list, name)
		}
	}
	for _, name := range owners {
		add(name)
		add(strings.ToUpper(name))
		add("x." + name)
		add("x.y." + name)
		if rest, ok := strings.CutPrefix(name, "*."); ok {
			add("w." + rest)
			add("v.w." + rest)
		}
		for i, end := dns.NextLabel(name, 0); !end; i, end = dns.NextLabel(name, i) {
			add(name[i:])
			add("x." + name[i:])
		}
	}
	return list
}

// sound asks for a name with every type, and reports replies that cannot be right, whatever the zone holds.
func (f *fixture) sound(name string) {
	f.t.Helper()
	canonical := strings.ToLower(strings.TrimSuffix(name, "."))
	z := f.zones.match(canonical)
	rcode, alias := map[int]string{}, map[string]string{}
	for _, qtype := range allTypes {
		question := name + " " + dns.Type(qtype).String()
		m, code := f.query(new(dns.Msg).SetQuestion(name, qtype))
		if m == nil {
			if z != nil {
				f.t.Errorf("%s: no reply and %s", question, dns.RcodeToString[code])
			}
			continue
		}
		for _, problem := range faults(m) {
			f.t.Errorf("%s: %s, in\n%s", question, problem, m)
		}
		if m.Rcode == dns.RcodeServerFailure {
			continue
		}
		soa := z
		if qtype == dns.TypeDS && canonical == z.name { // RFC 4035 section 3.1.4.1: the parent's, where that is ours too
			if parent, ok := dnsname.Parent(z.name); ok && f.zones.match(parent) != nil {
				soa = f.zones.match(parent)
			}
		}
		kind, outcome := "none", m.Rcode
		for i, rr := range m.Answer {
			if i == 0 && rr.Header().Name != name {
				f.t.Errorf("%s: the first record is not for the name: %s", question, rr)
			}
			if c, ok := rr.(*dns.CNAME); ok && i == 0 {
				kind, outcome = c.Target, dns.RcodeSuccess // the RCODE is the last name's
			} else if i == 0 {
				kind = "data"
			}
		}
		rcode[outcome] = question
		if kind != "none" || outcome == dns.RcodeNameError {
			alias[kind] = question
		}
		referral := !m.Authoritative
		negative := len(m.Answer) == 0 && !referral
		switch {
		case referral && (len(m.Answer) > 0 || len(m.Ns) == 0 || m.Ns[0].Header().Rrtype != dns.TypeNS):
			f.t.Errorf("%s: a referral without NS, or with an answer:\n%s", question, m)
		case negative && (len(m.Ns) != 1 || m.Ns[0].Header().Rrtype != dns.TypeSOA || m.Ns[0].Header().Name != soa.fqdn):
			f.t.Errorf("%s: a negative answer without the zone's SOA:\n%s", question, m)
		case m.Rcode == dns.RcodeNameError && canonical == z.name:
			f.t.Errorf("%s: NXDOMAIN at the apex", question)
		}
	}
	if len(rcode) > 1 {
		f.t.Errorf("%s exists for one type and not for another: %v", name, rcode)
	}
	if len(alias) > 1 && (z == nil || canonical != z.name) {
		f.t.Errorf("%s is an alias for one type and not for another: %s", name, fmt.Sprint(alias))
	}
}
