package object_test

import (
	"bytes"

	golog "log"
	"os"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// N5: a bad value is counted and logged once for a version of its object.
func TestBadValueIsReported(t *testing.T) {
	var out bytes.Buffer
	golog.SetOutput(&out)
	defer golog.SetOutput(os.Stderr)
	names, addresses := fixture.SkippedCount(t, "Ingress", "name"), fixture.SkippedCount(t, "Ingress", "address")

	f := fixture.New(t, "", fixture.AnIngress("bad_host.example.com", "192.0.2.1"))
	f.Apply(fixture.AnIngress("bad_host.example.com", "192.0.2.1")) // again, as after a relist
	if n := fixture.SkippedCount(t, "Ingress", "name") - names; n != 1 {
		t.Errorf("counted %v bad names, want 1", n)
	}
	if n := strings.Count(out.String(), "bad_host.example.com"); n != 2 { // in the name of the Ingress, and as the value
		t.Errorf("logged %d times:\n%s", n, &out)
	}

	out.Reset()
	f.Apply(fixture.AnIngress("bad_host.example.com", "bad-address"))
	if n := fixture.SkippedCount(t, "Ingress", "address") - addresses; n != 1 {
		t.Errorf("counted %v bad addresses, want 1", n)
	}
	if !strings.Contains(out.String(), `"bad-address"`) {
		t.Errorf("not logged:\n%s", &out)
	}

	out.Reset()
	f.Apply(fixture.AnIngress("bad_host.example.com"))
	f.Remove(fixture.AnIngress("bad_host.example.com"))
	f.Apply(fixture.AnIngress("good.example.com", "192.0.2.1"))
	if strings.Contains(out.String(), "address") {
		t.Errorf("logged for good values:\n%s", &out)
	}
}

// N5, L2: bad values are counted in every kind: each by itself, and once for a version of the object.
func TestBadValuesAreCounted(t *testing.T) {
	count := func(kind string) map[string]float64 {
		counts := map[string]float64{}
		for _, reason := range []string{"name", "address", "ttl", "type"} {
			counts[reason] = fixture.SkippedCount(t, kind, reason)
		}
		return counts
	}
	check := func(kind, manifest string, want map[string]float64) {
		t.Helper()
		before := count(kind)
		fixture.NewLive(t, "resources "+kind, manifest, manifest)
		for reason, n := range count(kind) {
			if n -= before[reason]; n != want[reason] {
				t.Errorf("%s: counted %v bad values of type %s, want %v", kind, n, reason, want[reason])
			}
		}
	}
	for _, kind := range fixture.AnnotatedKinds {
		check(kind, fixture.Annotated(kind, "coredns.io/hostname: \"bad_host.example.com,web.example.com,b@d\""), map[string]float64{"name": 2})
		check(kind, fixture.Annotated(kind, fixture.NamedWeb+", coredns.io/target: \"*.example.net,0.0.0.0\""), map[string]float64{"name": 1, "address": 1})
		check(kind, fixture.Annotated(kind, fixture.NamedWeb+", coredns.io/ttl: soon"), map[string]float64{"ttl": 1})
	}
	check("DNSEndpoint", fixture.AnObject("DNSEndpoint", "shop/web", `spec: {endpoints: [
		{dnsName: web.example.com, recordType: BOGUS, targets: [192.0.2.1]},
		{dnsName: web.example.com, recordType: "", targets: [192.0.2.1]},
		{dnsName: web.example.com, recordType: A, targets: [192.0.2.2]}]}`), map[string]float64{"type": 2})
}

// N5: what a log line takes from the cluster stays on the line.
func TestBadValueIsQuoted(t *testing.T) {
	var out bytes.Buffer
	golog.SetOutput(&out)
	defer golog.SetOutput(os.Stderr)
	fixture.New(t, "resources DNSEndpoint", fixture.AnEndpoint("web.example.com", "A", "1.2.3.4\n[FATAL] forged\x1b[31m", strings.Repeat("9", 10000)))
	if n := strings.Count(out.String(), "\n"); n != 2 {
		t.Errorf("%d lines, want 2:\n%s", n, &out)
	}
	if strings.Contains(out.String(), "\x1b") || out.Len() > 2000 {
		t.Errorf("unsafe or long:\n%q", &out)
	}
}

// N5: a bad value is counted once for each version of its object, under the kind that it is from.
func TestSkippedIsCountedOnce(t *testing.T) {
	long := strings.Repeat(strings.Repeat("x", 59)+".", 4) + "example.com" // 251 octets, and no room for a label
	badSelector := fixture.Edge("{name: bad, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: Near}]}}}}")
	badName := fixture.NamedGateway("coredns.io/hostname: \"bad_host.example.com,edge.example.com\"", "192.0.2.1")
	badAddress := fixture.Slice("shop/a", "db", "{addresses: [256.0.0.1]}", "{addresses: [192.0.2.1]}")
	for _, tc := range []struct {
		kind, reason string
		objects      []string
	}{
		{"EndpointSlice", "address", []string{fixture.ResolvedService(), badAddress, badAddress}},
		{"Service", "name", []string{
			fixture.AnObject("Service", "shop/db", fixture.ByEndpoints, "annotations: {coredns.io/hostname: \"db.example.com,"+long+"\"}", "spec: {}"),
			fixture.Slice("shop/a", "db", "{addresses: [192.0.2.1], hostname: db-0}"), fixture.Slice("shop/b", "db", "{addresses: [192.0.2.2]}"),
		}},
		{"Gateway", "name", []string{badName, badName}},
		{"Gateway", "selector", []string{badSelector, badSelector}},
		{"ListenerSet", "name", []string{fixture.Edge("", fixture.SetsFromSame), fixture.ASet("infra/set", fixture.FromAll("bad", "bad_host.example.com")+", "+fixture.FromAll("good", "good.example.com")),
			fixture.ARouteTo("HTTPRoute", "infra/web", fixture.ToSet, "web.example.com", "good.example.com")}},
	} {
		before := fixture.SkippedCount(t, tc.kind, tc.reason)
		fixture.NewLive(t, "resources Service Gateway HTTPRoute", tc.objects...)
		if n := fixture.SkippedCount(t, tc.kind, tc.reason) - before; n != 1 {
			t.Errorf("%s: counted %v for reason %q, want 1", tc.kind, n, tc.reason)
		}
	}
}
