//go:build interop

package test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// unboundConfig makes unbound a resolver that trusts the key of $ZONE and finds
// the zone on $PRIMARY, and what the zone's aliases lead to at $UPSTREAM. It asks
// nobody who is not on this machine.
//
// It is not to conclude from one answer what others would be (RFC 8198). The
// dnssec plugin makes a NSEC up without looking what the name has: the types it
// lists are always the same, MX, CAA, PTR and NAPTR not among them.
const unboundConfig = `
server:
	directory: "$DIR"
	chroot: ""
	username: ""
	pidfile: ""
	use-syslog: no
	logfile: ""
	val-log-level: 2
	interface: 127.0.0.1
	port: $PORT
	outgoing-interface: 127.0.0.1
	do-ip6: no
	do-not-query-localhost: no
	module-config: "validator iterator"
	aggressive-nsec: no
	use-caps-for-id: yes
	trust-anchor: "$DNSKEY"
remote-control:
	control-enable: no
forward-zone:
	name: "."
	forward-addr: $UPSTREAM
stub-zone:
	name: "$ZONE"
	stub-addr: 127.0.0.1@$PRIMARY
`

// unbound, a validating resolver, resolves the names of a signed zone, says that
// the answers are authentic, and believes that what is not there is not. What the
// zone leads to, but does not sign, is resolved without that.
func TestInteropUnbound(t *testing.T) {
	c := newCorner(t)
	c.apply(everythingManifest)
	k := newKey(t, c.zone)
	u := newUpstream(t)
	port, other := freePort(t), freePort(t)
	s := c.serve(strings.Replace(ports(primary, port, ""), "    k8s_gateway", "    dnssec {\nkey file "+k.file+"\n}\n    k8s_gateway", 1))
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")
	resolver := daemon(t, other, "unbound", "-d", "-c", config(t, unboundConfig, "$PORT", other, "$PRIMARY", port, "$ZONE", c.zone,
		"$UPSTREAM", strings.Replace(u.addr, ":", "@", 1), "$DNSKEY", strings.ReplaceAll(k.dnskey.String(), "\t", " ")))

	asked := 0
	for _, name := range walk(c.zone, s.mustAXFR(c.zone)) {
		for _, qtype := range comparedTypes {
			ours := s.askWhole(name, qtype)
			if leads(ours) || qtype == dns.TypeDS && name == dns.Fqdn(c.zone) {
				continue // to a server that is not there; the parent's to answer
			}
			theirs := resolver.askSigned(name, qtype)
			asked++
			ours.Rcode = dns.RcodeSuccess // that a name does not exist is proved as NODATA
			want, authentic := dig.Short(ours), true
			if strings.HasSuffix(want, "elsewhere.invalid.") && ours.Answer[0].Header().Rrtype == dns.TypeCNAME && qtype != dns.TypeCNAME {
				ours, authentic = s.follow(u, ours, qtype), false
				want = dig.Short(ours)
			}
			theirs.Answer = slices.DeleteFunc(theirs.Answer, func(rr dns.RR) bool { return rr.Header().Rrtype == dns.TypeRRSIG })
			if got := dig.Short(theirs); got != want || theirs.AuthenticatedData != authentic {
				t.Errorf("%s %s: got AD=%t %s, want AD=%t %s", name, dns.TypeToString[qtype], theirs.AuthenticatedData, got, authentic, want)
			}
		}
	}
	if !t.Failed() {
		fmt.Printf("interop: unbound validated the answers to %d questions\n", asked)
	}
}

// leads reports whether a reply is a referral, or ends in one.
func leads(m *dns.Msg) bool {
	return slices.ContainsFunc(m.Ns, func(rr dns.RR) bool { return rr.Header().Rrtype == dns.TypeNS })
}

// follow completes an answer with what an upstream has at the end of it.
func (s *server) follow(u *upstream, m *dns.Msg, qtype uint16) *dns.Msg {
	s.t.Helper()
	end := m.Answer[len(m.Answer)-1].(*dns.CNAME).Target
	rest, err := dig.Ask(s.t.Context(), "udp", u.addr, end, qtype)
	if err != nil {
		s.t.Fatal(err)
	}
	m.Answer = append(m.Answer, rest.Answer...)
	return m
}
