package gateway

import (
	"fmt"
	"strings"
	"testing"

	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"

	"github.com/miekg/dns"
)

// ede asks a question with EDNS, and returns the Extended DNS Errors of the reply (RFC 8914).
func (f *fixture) ede(question string) (list []string) {
	f.t.Helper()
	m, _ := f.query(expect(question).Msg().SetEdns0(1232, false))
	if m == nil {
		return nil
	}
	for _, problem := range faults(m) {
		f.t.Errorf("%s: %s", question, problem)
	}
	opts := 0
	for _, rr := range m.Extra {
		opt, ok := rr.(*dns.OPT)
		if !ok {
			continue
		}
		opts++
		for _, o := range opt.Option {
			if e, ok := o.(*dns.EDNS0_EDE); ok {
				list = append(list, fmt.Sprintf("%d %s", e.InfoCode, e.ExtraText))
			}
		}
	}
	if opts > 1 {
		f.t.Errorf("%s: %d OPT records", question, opts)
	}
	return list
}

// explained checks that a question gets one explanation, with the code and the words given.
func (f *fixture) explained(question string, code uint16, words ...string) {
	f.t.Helper()
	list := f.ede(question)
	if len(list) != 1 || !strings.HasPrefix(list[0], fmt.Sprintf("%d ", code)) {
		f.t.Errorf("%s: got %q, want code %d", question, list, code)
		return
	}
	for _, w := range words {
		if !strings.Contains(list[0], w) {
			f.t.Errorf("%s: %q does not say %q", question, list[0], w)
		}
	}
}

func (f *fixture) unexplained(questions ...string) {
	f.t.Helper()
	for _, question := range questions {
		if list := f.ede(question); len(list) > 0 {
			f.t.Errorf("%s: explained as %q", question, list)
		}
	}
}

// Names that are claimed without an address say by whom.
func TestExplainPending(t *testing.T) {
	f := newFixture(t, "resources Ingress Service HTTPRoute\nexplain",
		ingressAt("web", "web.example.com"), serviceAt("svc", "svc.example.com"), serviceAt("wild", "*.wild.example.com"),
		ingressAt("ok", "ok.example.com", "192.0.2.1"), gatewayAt("edge", "route.example.com"))
	f.explained("web.example.com. A", dns.ExtendedErrorCodeOther, "Ingress default/web", "no address")
	f.explained("WEB.example.com. TXT", dns.ExtendedErrorCodeOther, "Ingress default/web")
	f.explained("svc.example.com. AAAA", dns.ExtendedErrorCodeOther, "Service default/svc", "no address")
	f.explained("x.wild.example.com. A", dns.ExtendedErrorCodeOther, "Service default/wild")
	f.explained("route.example.com. A", dns.ExtendedErrorCodeOther, "Gateway default/edge", "no address")
	f.unexplained("nowhere.example.com. A", "ok.example.com. A", "ok.example.com. AAAA", "example.com. SOA", "example.com. A")
}

// Routes that no Gateway lets in say so.
func TestExplainRefusedRoute(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute\nexplain", `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: orphan, namespace: shop}
spec: {parentRefs: [{name: missing, namespace: infra}], hostnames: [orphan.example.com]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: parentless, namespace: shop}
spec: {hostnames: [parentless.example.com]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: section, namespace: shop}
spec: {parentRefs: [{name: edge, sectionName: https}], hostnames: [section.example.com]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}]}
status: {addresses: [{value: 192.0.2.1}]}
`)
	f.explained("orphan.example.com. A", dns.ExtendedErrorCodeOther, "HTTPRoute shop/orphan", "Gateway infra/missing")
	f.explained("parentless.example.com. A", dns.ExtendedErrorCodeOther, "HTTPRoute shop/parentless")
	f.explained("section.example.com. A", dns.ExtendedErrorCodeOther, "HTTPRoute shop/section", "Gateway shop/edge")
	f.unexplained("nowhere.example.com. A")
}

// Z2: before the kinds are listed, a reply says which it waits for.
func TestExplainUnlisted(t *testing.T) {
	f := unlisted(t, "resources Ingress DNSEndpoint\nexplain")
	for _, i := range f.informers() {
		if i.What == "Ingress" {
			i.Settle()
		}
	}
	f.explained("web.example.com. A", dns.ExtendedErrorCodeNotReady, "DNSEndpoint")
	if got := f.ede("web.example.com. A"); strings.Contains(strings.Join(got, " "), "Ingress") {
		t.Errorf("waits for Ingress: %q", got)
	}
	for _, i := range f.informers() {
		i.Settle()
	}
	f.unexplained("web.example.com. A")
}

// C4: answers that stand in for newer ones, or fail for want of them, say so.
func TestExplainUpstream(t *testing.T) {
	f := newFixture(t, "resources Ingress\nexplain", ingressAt("apex", "example.com", "lb.example.net"), ingressAt("web", "web.example.com", "lb.example.net"))
	u := f.outside("lb.example.net. 0 IN A 192.0.2.9")
	f.unexplained("example.com. A", "web.example.com. A")
	u.fail(true)
	f.explained("example.com. A", dns.ExtendedErrorCodeStaleAnswer)
	f.explained("web.example.com. A", dns.ExtendedErrorCodeStaleAnswer)
	f.explained("example.com. AAAA", dns.ExtendedErrorCodeNoReachableAuthority)
}

// Explanations show names of objects: they are there only where the stanza asks for them and the client can read them.
func TestExplainOnlyWhenAsked(t *testing.T) {
	f := newFixture(t, "resources Ingress", ingressAt("web", "web.example.com"))
	f.unexplained("web.example.com. A")
	f.check(expect("web.example.com. A", "NXDOMAIN", "soa"))

	f = newFixture(t, "resources Ingress\nexplain", ingressAt("web", "web.example.com"))
	f.check(expect("web.example.com. A", "NXDOMAIN", "soa"))
	f.explained("web.example.com. A", dns.ExtendedErrorCodeOther, "web")
}

// RFC 8914 section 3: an explanation must not make a reply too large for the client, which would come back
// over TCP for it, for no other reason.
func TestExplainShort(t *testing.T) {
	f := newFixture(t, "resources Ingress\nexplain")
	for i := range 10 {
		f.apply(ingressAt(fmt.Sprintf("%s-%d", strings.Repeat("x", 250), i), "web.example.com"))
	}
	req := expect("web.example.com. A").Msg().SetEdns0(512, false)
	rec := &wireRecorder{ResponseWriter: &test.ResponseWriter{}}
	if _, err := f.ServeDNS(t.Context(), request.NewScrubWriter(req, rec), req); err != nil {
		t.Fatal(err)
	}
	m := new(dns.Msg)
	if err := m.Unpack(rec.wire); err != nil {
		t.Fatal(err)
	}
	if m.Truncated || len(m.Ns) != 1 || m.Rcode != dns.RcodeNameError {
		t.Errorf("TC %t, %d records in authority, %d octets", m.Truncated, len(m.Ns), len(rec.wire))
	}
}
