package gateway

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/coredns/coredns/plugin/pkg/dnstest"
	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

// toNext is what the next plugin of a fixture returns, and no one else does.
const toNext = dns.RcodeNotAuth

// ownSOA is the SOA in negative answers of example.com, as zone file text.
const ownSOA = "example.com. 5 IN SOA dns1.kube-system.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"

// netSOA is the SOA in negative answers of the fake upstream.
const netSOA = "example.net. 30 IN SOA ns.example.net. hostmaster.example.net. 1 14400 3600 1209600 30"

// expect is a case as text. The question is "web.example.com. A". The lines are records of the answer;
// "ns: " and "add: " put one into another section, "soa" is short for our SOA in authority. NXDOMAIN,
// SERVFAIL and NEXT are outcomes, "referral" and SERVFAIL take AA away.
func expect(question string, lines ...string) test.Case {
	name, qtype, _ := strings.Cut(question, " ")
	tc := test.Case{Qname: name, Qtype: dns.StringToType[qtype], Authoritative: true}
	for _, line := range lines {
		section := &tc.Answer
		switch line {
		case "NXDOMAIN":
			tc.Rcode = dns.RcodeNameError
			continue
		case "SERVFAIL":
			tc.Rcode, tc.Authoritative = dns.RcodeServerFailure, false
			continue
		case "NEXT":
			tc.Rcode = toNext
			continue
		case "referral":
			tc.Authoritative = false
			continue
		case "soa":
			line = "ns: " + ownSOA
		}
		if rest, ok := strings.CutPrefix(line, "ns: "); ok {
			section, line = &tc.Ns, rest
		} else if rest, ok := strings.CutPrefix(line, "add: "); ok {
			section, line = &tc.Extra, rest
		}
		*section = append(*section, mustRR(line))
	}
	return tc
}

func mustRR(line string) dns.RR {
	rr, err := dns.NewRR(line)
	if err != nil || rr == nil {
		panic(fmt.Sprintf("%q: %v", line, err))
	}
	return rr
}

// check runs cases. Everything in a reply counts but the order of records and the serials of SOAs. A
// reply must also pack, and hold no record twice.
func (f *fixture) check(cases ...test.Case) {
	f.t.Helper()
	for _, tc := range cases {
		question := tc.Qname + " " + dns.Type(tc.Qtype).String()
		m, rcode := f.query(tc.Msg())
		if m == nil {
			if rcode != tc.Rcode || len(tc.Answer)+len(tc.Ns) > 0 {
				f.t.Errorf("%s: no reply and %s, want %s with %v %v", question,
					dns.RcodeToString[rcode], dns.RcodeToString[tc.Rcode], tc.Answer, tc.Ns)
			}
			continue
		}
		if m.Rcode != tc.Rcode || m.Authoritative != tc.Authoritative {
			f.t.Errorf("%s: %s with AA %t, want %s with AA %t", question,
				dns.RcodeToString[m.Rcode], m.Authoritative, dns.RcodeToString[tc.Rcode], tc.Authoritative)
		}
		for _, s := range []struct {
			name      string
			got, want []dns.RR
		}{{"answer", m.Answer, tc.Answer}, {"authority", m.Ns, tc.Ns}, {"additional", m.Extra, tc.Extra}} {
			if got, want := zoneText(s.got), zoneText(s.want); !slices.Equal(got, want) {
				f.t.Errorf("%s: %s section is\n\t%.2000s\nwant\n\t%.2000s", question, s.name,
					strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
			}
		}
		for _, problem := range faults(m) {
			f.t.Errorf("%s: %s", question, problem)
		}
	}
}

// query asks a question. The reply is nil where none was written.
func (f *fixture) query(req *dns.Msg) (*dns.Msg, int) { return f.queryWith(context.Background(), req) }

// queryWith turns a panic into an error of the test, as CoreDNS turns it into SERVFAIL.
func (f *fixture) queryWith(ctx context.Context, req *dns.Msg) (*dns.Msg, int) {
	f.t.Helper()
	defer func() {
		if p := recover(); p != nil {
			f.t.Errorf("%s: panic: %v", req.Question[0].String(), p)
		}
	}()
	rec := dnstest.NewRecorder(&test.ResponseWriter{})
	rcode, err := f.ServeDNS(ctx, rec, req)
	if err != nil {
		f.t.Errorf("%s: %v", req.Question[0].String(), err)
	}
	return rec.Msg, rcode
}

// answers returns the answer section for a question such as "web.example.com. A", as zone file text.
func (f *fixture) answers(question string) []string {
	f.t.Helper()
	m, _ := f.query(expect(question).Msg())
	if m == nil {
		return nil
	}
	return zoneText(m.Answer)
}

// behind puts a stub behind the Gateway.
func (f *fixture) behind() *fixture {
	f.Next = test.NextHandler(toNext, nil)
	return f
}

// zoneText returns records as they stand in a zone file, in order, with serial 1 in SOAs.
func zoneText(rrs []dns.RR) []string {
	var lines []string
	for _, rr := range rrs {
		if soa, ok := rr.(*dns.SOA); ok {
			soa = dns.Copy(soa).(*dns.SOA)
			soa.Serial = 1
			rr = soa
		}
		lines = append(lines, rr.String())
	}
	slices.Sort(lines)
	return lines
}

// faults returns what no reply may have, whatever the question.
func faults(m *dns.Msg) (list []string) {
	wire, err := m.Pack()
	if err != nil {
		list = append(list, "does not pack: "+err.Error())
	} else if len(wire) > dns.MaxMsgSize {
		list = append(list, fmt.Sprintf("is %d octets long", len(wire)))
	}
	for _, section := range [][]dns.RR{m.Answer, m.Ns, m.Extra} {
		lines := zoneText(section)
		if n := len(slices.Compact(lines)); n < len(section) {
			list = append(list, "holds a record twice")
		}
	}
	for _, rr := range m.Answer {
		if c, ok := rr.(*dns.CNAME); ok && strings.EqualFold(c.Target, c.Hdr.Name) {
			list = append(list, "CNAME of itself: "+c.String())
		}
	}
	return slices.Compact(list)
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
	z := f.Zones.Match(canonical)
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
		if qtype == dns.TypeDS && canonical == z.Name { // RFC 4035 section 3.1.4.1: the parent's, where that is ours too
			if parent, ok := dnsname.Parent(z.Name); ok && f.Zones.Match(parent) != nil {
				soa = f.Zones.Match(parent)
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
		case negative && (len(m.Ns) != 1 || m.Ns[0].Header().Rrtype != dns.TypeSOA || m.Ns[0].Header().Name != soa.FQDN):
			f.t.Errorf("%s: a negative answer without the zone's SOA:\n%s", question, m)
		case m.Rcode == dns.RcodeNameError && canonical == z.Name:
			f.t.Errorf("%s: NXDOMAIN at the apex", question)
		}
	}
	if len(rcode) > 1 {
		f.t.Errorf("%s exists for one type and not for another: %v", name, rcode)
	}
	if len(alias) > 1 && (z == nil || canonical != z.Name) {
		f.t.Errorf("%s is an alias for one type and not for another: %s", name, fmt.Sprint(alias))
	}
}

// axfr drains a transfer.
func (f *fixture) axfr(zone string, serial uint32) []dns.RR {
	f.t.Helper()
	ch, err := f.Transfer(zone, serial)
	if err != nil {
		f.t.Errorf("transfer of %s: %v", zone, err)
		return nil
	}
	var rrs []dns.RR
	for batch := range ch {
		rrs = append(rrs, batch...)
	}
	return rrs
}

// matches compares the transfer of a zone with what questions get.
func (f *fixture) matches(origin string) {
	f.t.Helper()
	sets := map[string][]dns.RR{}
	transferred := map[string]bool{}
	for _, rr := range f.zone(origin) {
		h := rr.Header()
		set := fmt.Sprint(h.Name, " ", dns.Type(h.Rrtype))
		sets[set] = append(sets[set], rr)
		transferred[rr.String()] = true
	}
	for set, rrs := range sets {
		name, _, _ := strings.Cut(set, " ")
		h := rrs[0].Header()
		m, _ := f.query(new(dns.Msg).SetQuestion(name, h.Rrtype))
		got := m.Answer
		if !m.Authoritative { // a referral, of which this is NS or glue
			got = slices.DeleteFunc(append(m.Ns, m.Extra...), func(rr dns.RR) bool {
				return rr.Header().Name != name || rr.Header().Rrtype != h.Rrtype
			})
		}
		if got, want := zoneText(got), zoneText(rrs); !slices.Equal(got, want) {
			f.t.Errorf("%s: answered\n\t%s\ntransferred\n\t%s", set, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
		}
	}
	for _, name := range claimedNames(f) {
		if !dns.IsSubDomain(origin, name) || f.Zones.Match(strings.TrimSuffix(name, ".")).FQDN != origin {
			continue
		}
		for _, qtype := range allTypes {
			if qtype == dns.TypeSOA || qtype == dns.TypeANY {
				continue
			}
			m, _ := f.query(new(dns.Msg).SetQuestion(name, qtype))
			rrs := m.Answer
			if !m.Authoritative {
				rrs = m.Ns
			}
			for _, rr := range rrs {
				if rr.Header().Name == name && !transferred[rr.String()] {
					f.t.Errorf("%s %s: not transferred: %s", name, dns.Type(qtype), rr)
				}
			}
		}
	}
}

// zone returns what is transferred between the SOAs, after what holds for every transfer: SOA first and last,
// each record once, no CNAME beside other data, one TTL in an RRset, nothing but what packs.
func (f *fixture) zone(origin string) []dns.RR {
	f.t.Helper()
	rrs := f.axfr(origin, 0)
	if len(rrs) < 2 || rrs[0].String() != rrs[len(rrs)-1].String() || rrs[0].Header().Rrtype != dns.TypeSOA || rrs[0].Header().Name != origin {
		f.t.Fatalf("transfer of %s does not begin and end with its SOA:\n%v", origin, rrs)
	}
	rrs = rrs[1 : len(rrs)-1]
	types, ttls, seen := map[string][]uint16{}, map[string]uint32{}, map[string]bool{}
	for _, rr := range rrs {
		h := rr.Header()
		if seen[rr.String()] {
			f.t.Errorf("transferred twice: %s", rr)
		}
		seen[rr.String()] = true
		if !slices.Contains(types[h.Name], h.Rrtype) {
			types[h.Name] = append(types[h.Name], h.Rrtype)
		}
		set := h.Name + dns.Type(h.Rrtype).String()
		if ttl, ok := ttls[set]; ok && ttl != h.Ttl {
			f.t.Errorf("two TTLs in one RRset: %s", rr)
		}
		ttls[set] = h.Ttl
		if _, err := dns.PackRR(rr, make([]byte, dns.MaxMsgSize), 0, nil, false); err != nil {
			f.t.Errorf("%s: %v", rr, err)
		}
		if h.Rrtype == dns.TypeSOA {
			f.t.Errorf("a SOA within: %s", rr)
		}
		if !dns.IsSubDomain(origin, h.Name) {
			f.t.Errorf("out of zone: %s", rr)
		}
	}
	for name, list := range types {
		if len(list) > 1 && slices.Contains(list, dns.TypeCNAME) {
			f.t.Errorf("CNAME and other data at %s: %v", name, list)
		}
	}
	return rrs
}
