package gateway

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin/pkg/dnstest"
	"github.com/coredns/coredns/plugin/test"
	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
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
		i.Settle()
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
	gateways, err := Parse(caddy.NewTestController("dns", stanza))
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{gateways[0], t}
}

// list lets the informers of some kinds count as listed.
func (f *fixture) list(kinds ...string) {
	f.t.Helper()
	for _, kind := range kinds {
		n := slices.IndexFunc(f.informers(), func(i *kube.Informer) bool { return strings.HasPrefix(i.Title, kind) })
		if n < 0 {
			f.t.Fatalf("nothing watches a %s", kind)
		}
		f.informers()[n].Settle()
	}
}

// apply stores every document of a manifest, status included.
func (f *fixture) apply(manifest string) { f.t.Helper(); f.change(cache.Updated, manifest) }

// remove deletes every document of a manifest.
func (f *fixture) remove(manifest string) { f.t.Helper(); f.change(cache.Deleted, manifest) }

func (f *fixture) change(change cache.DeltaType, manifest string) {
	f.t.Helper()
	for _, obj := range decode(f.t, manifest) {
		f.feed(change, obj)
	}
}

// feed hands an object to the informers that watch it.
func (f *fixture) feed(change cache.DeltaType, obj kube.Object) {
	f.t.Helper()
	for _, i := range f.watching(obj) {
		send(f.t, i, change, obj)
	}
}

// watching returns the informers that watch an object.
func (f *fixture) watching(obj kube.Object) (list []*kube.Informer) {
	f.t.Helper()
	for _, i := range f.informers() {
		if reads(i, obj) && holds(i.Resource, obj) {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		f.t.Fatalf("no configured kind reads %T", obj)
	}
	return list
}

// ask runs the cases.
func (f *fixture) ask(cases ...test.Case) {
	f.t.Helper()
	for _, tc := range cases {
		f.serve(tc)
	}
}

// serve runs a case, and returns the reply as it was written, if one was. Every field of every record
// counts but the serial of an SOA, which tells the time. A reply must also pack, be authoritative and
// repeat the question.
func (f *fixture) serve(tc test.Case) *dns.Msg {
	f.t.Helper()
	question := tc.Qname + " " + dns.TypeToString[tc.Qtype]
	req := tc.Msg()
	m, rcode := f.exchange(req)
	if m == nil { // the server, or the next plugin, writes it
		if rcode != tc.Rcode || len(tc.Answer)+len(tc.Ns) > 0 {
			f.t.Errorf("%s: got %s and no reply, want %s", question, dns.RcodeToString[rcode], dns.RcodeToString[tc.Rcode])
		}
		return nil
	}
	if m.Rcode != tc.Rcode {
		f.t.Errorf("%s: got %s, want %s", question, dns.RcodeToString[m.Rcode], dns.RcodeToString[tc.Rcode])
	}
	for _, section := range []struct {
		name      string
		got, want []dns.RR
	}{
		{"answer", m.Answer, tc.Answer}, {"authority", m.Ns, tc.Ns}, {"additional", m.Extra, tc.Extra},
	} {
		if got, want := text(section.got), text(section.want); !slices.Equal(got, want) {
			f.t.Errorf("%s: %s section:\n%.1000s\nwant:\n%.1000s", question, section.name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if _, err := m.Pack(); err != nil {
		f.t.Errorf("%s: reply does not pack: %v", question, err)
	}
	if !m.Response || !m.Authoritative || m.Id != req.Id || !slices.Equal(m.Question, req.Question) {
		f.t.Errorf("%s: not an authoritative reply to the question:\n%s", question, m)
	}
	return m
}

// exchange asks a question as it is. The reply is nil where none was written.
func (f *fixture) exchange(req *dns.Msg) (m *dns.Msg, rcode int) {
	f.t.Helper()
	rec := dnstest.NewRecorder(&test.ResponseWriter{})
	rcode, err := f.ServeDNS(context.Background(), rec, req)
	if err != nil {
		f.t.Errorf("%v: %v", req.Question, err)
	}
	return rec.Msg, rcode
}

// text returns records as they stand in a zone file, in order, without the serials of SOAs.
func text(rrs []dns.RR) []string {
	var list []string
	for _, rr := range rrs {
		if soa, ok := rr.(*dns.SOA); ok {
			soa = dns.Copy(soa).(*dns.SOA)
			soa.Serial = 1
			rr = soa
		}
		list = append(list, rr.String())
	}
	slices.Sort(list)
	return list
}

// moves reports whether a change moves the serial of a zone. The serial is set back before, so that no
// second has to pass.
func (f *fixture) moves(zone string, change func()) bool {
	f.t.Helper()
	z := f.Zones.ByName[zone]
	if z == nil {
		f.t.Fatalf("no zone %q", zone)
	}
	past := time.Now().Add(-time.Hour)
	z.Serial.Start(past)
	z.Serial.Pending.Store(false)
	change()
	return z.Serial.At(time.Now()) != uint32(past.Unix())
}

// holds reports whether an object is among those that are watched.
func holds(r kube.Resource, obj kube.Object) bool {
	return (r.Name == "" || r.Name == obj.GetName()) && (r.Namespace == "" || r.Namespace == obj.GetNamespace())
}

// informers returns those of all clusters.
func (g *Gateway) informers() []*kube.Informer {
	var list []*kube.Informer
	for _, c := range g.Clusters {
		list = append(list, c.Demanded()...)
	}
	return list
}

// newBlock returns the stanzas of a server block, chained in their order with a stub behind the last. All kinds count as
// listed.
func newBlock(t testing.TB, stanzas string) (block []*fixture) {
	t.Helper()
	gateways, err := Parse(caddy.NewTestController("dns", stanzas))
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range gateways {
		f := (&fixture{g, t}).chain()
		if len(block) > 0 {
			block[len(block)-1].Next = f
		}
		block = append(block, f)
		for _, i := range f.informers() {
			i.Settle()
		}
	}
	return block
}
