package explain_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// ede asks a question with EDNS, and returns the Extended DNS Errors of the reply (RFC 8914).
func ede(f *fixture.Stanza, question string) (list []string) {
	f.T.Helper()
	m, _ := f.Query(fixture.Expect(question).Msg().SetEdns0(1232, false))
	if m == nil {
		return nil
	}
	for _, problem := range fixture.Faults(m) {
		f.T.Errorf("%s: %s", question, problem)
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
		f.T.Errorf("%s: %d OPT records", question, opts)
	}
	return list
}

// explained checks that a question gets one explanation, with the code and the words given.
func explained(f *fixture.Stanza, question string, code uint16, words ...string) {
	f.T.Helper()
	list := ede(f, question)
	if len(list) != 1 || !strings.HasPrefix(list[0], fmt.Sprintf("%d ", code)) {
		f.T.Errorf("%s: got %q, want code %d", question, list, code)
		return
	}
	for _, w := range words {
		if !strings.Contains(list[0], w) {
			f.T.Errorf("%s: %q does not say %q", question, list[0], w)
		}
	}
}

func unexplained(f *fixture.Stanza, questions ...string) {
	f.T.Helper()
	for _, question := range questions {
		if list := ede(f, question); len(list) > 0 {
			f.T.Errorf("%s: explained as %q", question, list)
		}
	}
}

// Z2: before the kinds are listed, a reply says which it waits for.
func TestExplainUnlisted(t *testing.T) {
	f := fixture.NewUnlisted(t, "resources Ingress DNSEndpoint\nexplain")
	for _, i := range f.Informers() {
		if i.Title == "Ingress" {
			i.Settle()
		}
	}
	explained(f, "web.example.com. A", dns.ExtendedErrorCodeNotReady, "DNSEndpoint")
	if got := ede(f, "web.example.com. A"); strings.Contains(strings.Join(got, " "), "Ingress") {
		t.Errorf("waits for Ingress: %q", got)
	}
	for _, i := range f.Informers() {
		i.Settle()
	}
	unexplained(f, "web.example.com. A")
}

// RFC 8914: the reason for SERVFAIL names the Service that is waited for, and no upstream server.
func TestExplainNameserverUnlisted(t *testing.T) {
	f := fixture.NewUnlisted(t, "explain\nresources Ingress")
	explained(f, "dns1.kube-system.example.com. A", dns.ExtendedErrorCodeNotReady, "waiting for nameserver Service kube-system/dns1, Ingress")
	f.List("Ingress")
	explained(f, "dns1.kube-system.example.com. A", dns.ExtendedErrorCodeNotReady, "waiting for nameserver Service kube-system/dns1")
}

// What is answered is not explained, nor is a name that no object claims, or would claim if it counted (W1, W7).
func TestUnexplained(t *testing.T) {
	l := fixture.NewLive(t, "resources Ingress Service HTTPRoute DNSEndpoint\ningressClasses public\nexplain", slices.Concat(misfits, []string{
		fixture.Edge("", fixture.SetsFromAll), fixture.ASet("infra/set", fixture.FromAll("http", "")), fixture.ARouteTo("HTTPRoute", "shop/web", fixture.ToSet, "web.example.com"),
		fixture.Endpoints("away", "\n  - {dnsName: away.example.com, recordType: CNAME, targets: [web.example.net]}"),
	})...)
	unexplained(l.Stanza, "web.example.com. A", "web.example.com. AAAA", "away.example.com. A", "nowhere.example.com. A", "example.com. SOA", "example.com. A",
		"a.b.inside.example.com. A", "_acme-challenge.inside.example.com. A", "_acme-challenge.route.example.com. A")
	l.Remove(misfits[0])
	unexplained(l.Stanza, "inside.example.com. A")
	l.Outside("example.net. 30 IN A 192.0.2.9", "lb.example.net. 30 IN A 192.0.2.9")
	l.Apply(strings.Replace(fixture.IngressAt("apex", "example.com", "lb.example.net"), "spec: {", "spec: {ingressClassName: public, ", 1))
	unexplained(l.Stanza, "example.com. A")
}

// Explanations show names of objects: they are there only where the stanza asks for them and the client can read them.
func TestExplainOnlyWhenAsked(t *testing.T) {
	f := fixture.New(t, "resources Ingress", fixture.IngressAt("web", "web.example.com"))
	unexplained(f, "web.example.com. A")
	f.Check(fixture.Expect("web.example.com. A", "NXDOMAIN", "soa"))

	f = fixture.New(t, "resources Ingress\nexplain", fixture.IngressAt("web", "web.example.com"))
	f.Check(fixture.Expect("web.example.com. A", "NXDOMAIN", "soa"))
	explained(f, "web.example.com. A", dns.ExtendedErrorCodeOther, "web")
}

// RFC 8914 section 3: an explanation must not make a reply too large for the client, which would come back
// over TCP for it, for no other reason.
func TestExplainShort(t *testing.T) {
	f := fixture.New(t, "resources Ingress\nexplain")
	for i := range 10 {
		f.Apply(fixture.IngressAt(fmt.Sprintf("%s-%d", strings.Repeat("x", 250), i), "web.example.com"))
	}
	req := fixture.Expect("web.example.com. A").Msg().SetEdns0(512, false)
	rec := &fixture.WireRecorder{ResponseWriter: &test.ResponseWriter{}}
	if _, err := f.ServeDNS(t.Context(), request.NewScrubWriter(req, rec), req); err != nil {
		t.Fatal(err)
	}
	m := new(dns.Msg)
	if err := m.Unpack(rec.Wire); err != nil {
		t.Fatal(err)
	}
	if m.Truncated || len(m.Ns) != 1 || m.Rcode != dns.RcodeNameError {
		t.Errorf("TC %t, %d records in authority, %d octets", m.Truncated, len(m.Ns), len(rec.Wire))
	}
}

// N7: a reason costs by what it says, and not by the number of objects that do not count.
func TestExplainManyThatDoNotCount(t *testing.T) {
	var objects []string
	for i := range 3000 {
		objects = append(objects, fixture.AnObject("Ingress", fmt.Sprintf("shop/i%d", i), "labels: {k8s-gateway.dns/ignore: \"true\"}", "spec: {rules: [{host: shared.example.com}]}"))
	}
	f := fixture.New(t, "resources Ingress\napex ns1 192.0.2.53\nexplain", objects...)
	req := fixture.Expect("shared.example.com. A").Msg()
	req.SetEdns0(1232, false)
	if n := fixture.Allocated(func() { f.Query(req) }); n > 100_000 {
		t.Errorf("%d octets are allocated", n)
	}
}

// N7: what the search for near names costs does not grow with the names that there are, or beyond a bound with the question.
func TestNearNamesAreBounded(t *testing.T) {
	f := fixture.New(t, "status :0\nresources Ingress\napex ns1 192.0.2.53")
	long := strings.Repeat("a.", 120) + "example.com"
	if n := fixture.Allocated(func() { f.Explainer.Near(f.Zones.Match(long), long) }); n > 64<<20 {
		t.Errorf("%d octets are allocated", n)
	}
}
