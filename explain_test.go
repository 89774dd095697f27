package gateway

import (
	"fmt"
	"slices"
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

// Z2: before the kinds are listed, a reply says which it waits for.
func TestExplainUnlisted(t *testing.T) {
	f := unlisted(t, "resources Ingress DNSEndpoint\nexplain")
	for _, i := range f.informers() {
		if i.Title == "Ingress" {
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

// RFC 8914: the reason for SERVFAIL names the Service that is waited for, and no upstream server.
func TestExplainNameserverUnlisted(t *testing.T) {
	f := unlisted(t, "explain\nresources Ingress")
	f.explained("dns1.kube-system.example.com. A", dns.ExtendedErrorCodeNotReady, "waiting for nameserver Service kube-system/dns1, Ingress")
	f.list("Ingress")
	f.explained("dns1.kube-system.example.com. A", dns.ExtendedErrorCodeNotReady, "waiting for nameserver Service kube-system/dns1")
}

// What is answered is not explained, nor is a name that no object claims, or would claim if it counted (W1, W7).
func TestUnexplained(t *testing.T) {
	l := newLive(t, "resources Ingress Service HTTPRoute DNSEndpoint\ningressClasses public\nexplain", slices.Concat(misfits, []string{
		edge("", setsFromAll), aSet("infra/set", fromAll("http", "")), aRouteTo("HTTPRoute", "shop/web", toSet, "web.example.com"),
		endpoints("away", "\n  - {dnsName: away.example.com, recordType: CNAME, targets: [web.example.net]}"),
	})...)
	l.unexplained("web.example.com. A", "web.example.com. AAAA", "away.example.com. A", "nowhere.example.com. A", "example.com. SOA", "example.com. A",
		"a.b.inside.example.com. A", "_acme-challenge.inside.example.com. A", "_acme-challenge.route.example.com. A")
	l.remove(misfits[0])
	l.unexplained("inside.example.com. A")
	l.outside("example.net. 30 IN A 192.0.2.9", "lb.example.net. 30 IN A 192.0.2.9")
	l.apply(strings.Replace(ingressAt("apex", "example.com", "lb.example.net"), "spec: {", "spec: {ingressClassName: public, ", 1))
	l.unexplained("example.com. A")
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

// N7: a reason costs by what it says, and not by the number of objects that do not count.
func TestExplainManyThatDoNotCount(t *testing.T) {
	var objects []string
	for i := range 3000 {
		objects = append(objects, anObject("Ingress", fmt.Sprintf("shop/i%d", i), "labels: {k8s-gateway.dns/ignore: \"true\"}", "spec: {rules: [{host: shared.example.com}]}"))
	}
	f := newFixture(t, "resources Ingress\napex ns1 192.0.2.53\nexplain", objects...)
	req := expect("shared.example.com. A").Msg()
	req.SetEdns0(1232, false)
	if n := allocated(func() { f.query(req) }); n > 100_000 {
		t.Errorf("%d octets are allocated", n)
	}
}

// N7: what the search for near names costs does not grow with the names that there are, or beyond a bound with the question.
func TestNearNamesAreBounded(t *testing.T) {
	f := newFixture(t, "status :0\nresources Ingress\napex ns1 192.0.2.53")
	long := strings.Repeat("a.", 120) + "example.com"
	if n := allocated(func() { f.Explainer.Near(f.Zones.Match(long), long) }); n > 64<<20 {
		t.Errorf("%d octets are allocated", n)
	}
}
