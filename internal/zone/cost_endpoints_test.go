package zone_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// anEndpoint is a DNSEndpoint with some annotations and some endpoints, all in JSON.
func anEndpoint(t testing.TB, annotations string, endpoints []string) kube.Object {
	return fixture.Decode(t, fmt.Sprintf(`
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: large, namespace: tenant, annotations: {%s}}
spec: {endpoints: [%s]}
`, annotations, strings.Join(endpoints, ", ")))[0]
}

// N7: a DNSEndpoint may repeat one name with other targets each time. Uniting them one after the other took 3 to 15 s.
func TestNameRepeatedWithOtherTargets(t *testing.T) {
	const n = 16_300
	list := make([]string, n)
	for i, addr := range fixture.Addresses(n) {
		list[i] = fmt.Sprintf("{dnsName: web.example.com, recordType: A, recordTTL: %d, targets: [%s]}", n-i, addr)
	}
	repeated := anEndpoint(t, "", list)
	for _, steer := range []string{"", "steer first"} {
		f := fixture.New(t, "resources DNSEndpoint\n"+steer)
		f.Within(2*time.Second, fmt.Sprintf("a name repeated %d times (%q)", n, steer), func() { f.Feed(cache.Updated, repeated) })
		m, _ := f.Query(fixture.Expect("web.example.com. A").Msg())
		if len(m.Answer) < 3800 || m.Answer[0].(*dns.A).A.String() != "10.0.0.0" || m.Answer[0].Header().Ttl != 1 {
			t.Errorf("%d addresses, the first of which is %v", len(m.Answer), m.Answer[:1])
		}
	}
}

// prefixes is the value of an annotation with as many clients as an object may have.
func prefixes() string {
	return strings.Join(fixture.Numbered(64, "2001:db8:1%03d:1234:5678:9abc:def0:1234/128"), ",")
}

// N7, T3: an object with thousands of endpoints does not format its clients for each of them, which took 15 times as long as the
// rest.
func TestClientsOfManyEndpoints(t *testing.T) {
	f := fixture.New(t, "resources DNSEndpoint\nsteer subnet")
	list := fixture.Numbered(8000, "{dnsName: h%d.example.com, recordType: A, targets: [192.0.2.1]}")
	plain, clients := anEndpoint(t, "", list), anEndpoint(t, "coredns.io/clients: "+fmt.Sprintf("%q", prefixes()), list)
	f.Feed(cache.Updated, plain)
	without := fixture.Lasts(func() { f.Feed(cache.Updated, plain) })
	with := fixture.Lasts(func() { f.Feed(cache.Updated, clients) })
	t.Logf("%v without clients, %v with 64 of them", without, with)
	if with > 100*time.Millisecond+4*without {
		t.Errorf("8,000 endpoints take %v without clients, and %v with 64 of them", without, with)
	}
}

// N7, T1: an object has as many setIdentifiers of a name as filters look at. All claims of a name change at once, so more of them would
// hold up questions. What is left out is said once.
func TestLimitIdentifiers(t *testing.T) {
	const n, most = 16_000, zone.MaxTargets
	list := fixture.Numbered(n, "{dnsName: web.example.com, recordType: A, targets: [192.0.2.1], setIdentifier: 'i%05d'}")
	list = append(list, "{dnsName: web.example.com, recordType: AAAA, targets: ['2001:db8::1'], setIdentifier: i00000}",
		"{dnsName: www.example.com, recordType: A, targets: [192.0.2.2], setIdentifier: a}", "{dnsName: web.example.com, recordType: TXT, targets: [text]}")
	f := fixture.New(t, "resources DNSEndpoint\nsteer first")
	f.Feed(cache.Updated, anEndpoint(t, "", list))
	rec := f.Served[0].Parts[0].Records.List()[0]
	if got := len(rec.At("web.example.com")); got != most+2 {
		t.Errorf("%d entries, want %d of setIdentifiers, the AAAA and the TXT record", got, most+2)
	}
	if bad := rec.SkippedValues().Values(); len(bad) != 1 || !strings.Contains(bad[0].Text, "has more than 1024 setIdentifiers") {
		t.Errorf("said: %v", bad)
	}
	f.Ask(fixture.A("web.example.com.", "192.0.2.1"))
	f.Ask(fixture.A("www.example.com.", "192.0.2.2"))
}
