package test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// refusedManifest is a route from a namespace that the Gateway does not let in,
// because there is none.
const refusedManifest = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: refused, namespace: $NAMESPACE}
spec: {parentRefs: [{name: missing}], hostnames: [refused.$ZONE]}
`

// explained is allKinds with the explain property.
var explained = strings.Replace(allKinds, "k8s_gateway {", "k8s_gateway {\n        explain", 1)

// askEDNS asks for the A records of a name, with EDNS, and waits as long as it takes.
func (s *server) askEDNS(name string) *dns.Msg {
	s.t.Helper()
	return s.exchange("udp", new(dns.Msg).SetQuestion(dns.Fqdn(name), dns.TypeA).SetEdns0(1232, false))
}

// explanation returns the Extended DNS Error (RFC 8914) of a reply, if any.
func explanation(t *testing.T, reply *dns.Msg) *dns.EDNS0_EDE {
	t.Helper()
	opts := 0
	var ede *dns.EDNS0_EDE
	for _, rr := range reply.Extra {
		opt, ok := rr.(*dns.OPT)
		if !ok {
			continue
		}
		opts++
		for _, o := range opt.Option {
			if e, ok := o.(*dns.EDNS0_EDE); ok {
				ede = e
			}
		}
	}
	if opts != 1 {
		t.Errorf("%s: %d OPT records in a reply, want 1 (RFC 6891 section 6.1.1)", reply.Question[0].Name, opts)
	}
	return ede
}

// With `explain`, dig shows why a name is not there, naming the object. Without
// it nobody learns the names of objects.
func TestExplain(t *testing.T) {
	c := newCorner(t)
	c.apply(everythingManifest)
	c.apply(refusedManifest)
	s := c.serve(explained)
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")

	for name, want := range map[string]string{
		"pending.$ZONE": "Ingress $NAMESPACE/pending has no address yet",
		"refused.$ZONE": "HTTPRoute $NAMESPACE/refused: Gateway $NAMESPACE/missing",
		"nothing.$ZONE": "",
		"ingress.$ZONE": "",
	} {
		ede := explanation(t, s.askEDNS(c.expand(name)))
		switch want = c.expand(want); {
		case want == "" && ede != nil:
			t.Errorf("%s: explained with %q, want nothing", name, ede.ExtraText)
		case want != "" && ede == nil:
			t.Errorf("%s: not explained, want %q", name, want)
		case want != "" && !strings.HasPrefix(ede.ExtraText, want):
			t.Errorf("%s: explained with %q, want %q", name, ede.ExtraText, want)
		}
	}
	if extra := s.ask("udp", c.expand("pending.$ZONE"), dns.TypeA).Extra; len(extra) > 0 {
		t.Errorf("without EDNS: additional has %v, want nothing", extra)
	}

	silent := c.serve(allKinds)
	silent.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")
	if ede := explanation(t, silent.askEDNS(c.expand("pending.$ZONE"))); ede != nil {
		t.Errorf("without the property: explained with %q", ede.ExtraText)
	}
}
