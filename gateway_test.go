package gateway

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin/pkg/dnstest"
	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"

	"k8s.io/client-go/tools/cache"
)

// fixture is a Gateway without an API server: objects are handed to its informers as manifests.
type fixture struct {
	*Gateway
	t testing.TB
}

// newFixture parses a stanza, `k8s_gateway example.com` where it is only the inside of one, and feeds
// it manifests. All kinds count as listed.
func newFixture(t testing.TB, stanza string, manifests ...string) *fixture {
	t.Helper()
	f := unlisted(t, stanza)
	for _, i := range f.informers() {
		i.settle()
	}
	for _, m := range manifests {
		f.apply(m)
	}
	return f
}

// unlisted is newFixture before any kind has been listed.
func unlisted(t testing.TB, stanza string) *fixture {
	t.Helper()
	if !strings.HasPrefix(stanza, "k8s_gateway") {
		stanza = "k8s_gateway example.com {\n" + stanza + "\n}"
	}
	gateways, err := parse(caddy.NewTestController("dns", stanza))
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{gateways[0], t}
}

// apply stores every document of a manifest, status included.
func (f *fixture) apply(manifest string) { f.change(cache.Updated, manifest) }

// remove deletes every document of a manifest.
func (f *fixture) remove(manifest string) { f.change(cache.Deleted, manifest) }

func (f *fixture) change(change cache.DeltaType, manifest string) {
	f.t.Helper()
	codecs, err := newCodecs()
	if err != nil {
		f.t.Fatal(err)
	}
	for doc := range strings.SplitSeq(manifest, "\n---") {
		if strings.TrimSpace(doc) == "" {
			continue
		}
		decoded, _, err := codecs.UniversalDeserializer().Decode([]byte(doc), nil, nil)
		if err != nil {
			f.t.Fatalf("%v in %s", err, doc)
		}
		obj := decoded.(object)
		watched := false
		for _, i := range f.informers() {
			if reflect.TypeOf(i.example) == reflect.TypeOf(obj) && (i.resource.name == "" || i.resource.name == obj.GetName() && i.resource.namespace == obj.GetNamespace()) {
				rec, err := i.transform(obj)
				if err != nil {
					f.t.Fatal(err)
				}
				i.process(change, rec)
				watched = true
			}
		}
		if !watched {
			f.t.Fatalf("no configured kind reads %T", obj)
		}
	}
}

// ask runs the cases. A reply must also pack, be authoritative, and bear the question's name as it
// was written.
func (f *fixture) ask(cases ...test.Case) {
	f.t.Helper()
	for _, tc := range cases {
		if f.serve(&tc) == nil {
			continue
		}
	}
}

func (f *fixture) serve(tc *test.Case) *dns.Msg {
	f.t.Helper()
	question := tc.Qname + " " + dns.TypeToString[tc.Qtype]
	rec := dnstest.NewRecorder(&test.ResponseWriter{})
	rcode, err := f.ServeDNS(context.Background(), rec, tc.Msg())
	if err != nil {
		f.t.Errorf("%s: %v", question, err)
		return nil
	}
	m := rec.Msg
	if m == nil { // the server writes it
		if rcode != tc.Rcode {
			f.t.Errorf("%s: got %s, want %s", question, dns.RcodeToString[rcode], dns.RcodeToString[tc.Rcode])
		}
		return nil
	}
	if _, err := m.Pack(); err != nil {
		f.t.Errorf("%s: reply does not pack: %v", question, err)
	}
	for _, rr := range m.Ns {
		if soa, ok := rr.(*dns.SOA); ok {
			soa.Serial = 1 // it tells the time
		}
	}
	if err := test.SortAndCheck(m, *tc); err != nil {
		f.t.Errorf("%s: %v, in\n%s", question, err, m)
	}
	if !m.Authoritative {
		f.t.Errorf("%s: not authoritative", question)
	}
	return m
}

// soa is the SOA in negative answers of zone example.com.
var soa = []dns.RR{test.SOA("example.com.	5	IN	SOA	dns1.kube-system.example.com. hostmaster.example.com. 1 7200 1800 86400 5")}

// nxdomain and nodata are the two negative answers in zone example.com.
func nxdomain(qname string, qtype uint16) test.Case {
	return test.Case{Qname: qname, Qtype: qtype, Rcode: dns.RcodeNameError, Ns: soa}
}

func nodata(qname string, qtype uint16) test.Case {
	return test.Case{Qname: qname, Qtype: qtype, Ns: soa}
}

func a(qname string, addrs ...string) test.Case {
	tc := test.Case{Qname: qname, Qtype: dns.TypeA}
	for _, addr := range addrs {
		tc.Answer = append(tc.Answer, test.A(qname+" 60 IN A "+addr))
	}
	return tc
}

func aaaa(qname string, addrs ...string) test.Case {
	tc := test.Case{Qname: qname, Qtype: dns.TypeAAAA}
	for _, addr := range addrs {
		tc.Answer = append(tc.Answer, test.AAAA(qname+" 60 IN AAAA "+addr))
	}
	return tc
}

// informers returns those of all clusters.
func (f *fixture) informers() []*informer {
	var list []*informer
	for _, c := range f.clusters {
		list = append(list, c.demanded()...)
	}
	return list
}
