package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// SECURITY.md, "What tenants and clients can use up": aliases of several namespaces and kinds that lead to each other end, and nobody is
// asked for them.
func TestTenantsLoop(t *testing.T) {
	f := newFixture(t, "resources Ingress Service HTTPRoute DNSEndpoint",
		tenant("a", ingressAt("one", "one.example.com", "two.example.com")), tenant("b", serviceAt("two", "two.example.com", "three.example.com")),
		tenant("c", gatewayAt("three", "three.example.com", "four.example.com")), tenant("d", endpoints("four", "\n  - {dnsName: four.example.com, recordType: CNAME, targets: [one.example.com]}")))
	u := f.outside()
	f.check(expect("one.example.com. A", "one.example.com. 60 IN CNAME two.example.com.", "two.example.com. 60 IN CNAME three.example.com.",
		"three.example.com. 60 IN CNAME four.example.com.", "four.example.com. 60 IN CNAME one.example.com."))
	if len(u.asked) > 0 {
		t.Errorf("asked %v", u.asked)
	}
}

// A question asks for 32 names outside at most, however many hostnames an object has. Those it asks for answer.
func TestManyHostnamesAskForFewNames(t *testing.T) {
	var hosts, records []string
	for i := range 200 {
		hosts = append(hosts, fmt.Sprintf("h%d.example.net", i))
		records = append(records, fmt.Sprintf("h%d.example.net. 30 IN A 192.0.2.%d", i, i+1))
	}
	f := newFixture(t, "resources Service", fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: many, namespace: default, annotations: {coredns.io/hostname: many.example.com, coredns.io/target: %q}}
spec: {type: LoadBalancer}
`, strings.Join(hosts, ",")))
	u := f.outside(records...)
	if n := len(f.answers("many.example.com. A")); n != 32 {
		t.Errorf("%d addresses, want 32", n)
	}
	if len(u.asked) != 32 {
		t.Errorf("asked for %d names, want 32", len(u.asked))
	}
}

// What answers from outside are kept does not grow without end.
func TestUpstreamCacheIsBounded(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint")
	f.outside()
	var list strings.Builder
	for i := range 12000 {
		fmt.Fprintf(&list, "\n  - {dnsName: a%d.example.com, recordType: CNAME, targets: [a%d.example.net]}", i, i)
	}
	f.apply(endpoints("many", list.String()))
	for i := range 12000 {
		f.query(expect(fmt.Sprintf("a%d.example.com. A", i)).Msg())
	}
	if n := f.upstream.Cache.Len(); n > 10000 || n < 5000 {
		t.Errorf("%d names are kept, want at most 10,000", n)
	}
}

// An alias makes CoreDNS look a name up as it can itself, and whoever asks gets the answer: with names that only the
// inside knows, the inside is shown.
func TestAliasShowsWhatCoreDNSCanSee(t *testing.T) {
	f := newFixture(t, "resources Service", tenant("b", serviceAt("mine", "mine.example.com", "db.internal")))
	f.outside("db.internal. 30 IN A 10.1.2.3")
	if got := f.answers("mine.example.com. A"); !slices.Contains(got, "db.internal.\t30\tIN\tA\t10.1.2.3") {
		t.Errorf("got %q", got)
	}
}
