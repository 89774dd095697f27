package gateway

import (
	"bytes"
	golog "log"
	"os"
	"strings"
	"testing"
)

// N5: a bad value is counted and logged once for a version of its object.
func TestBadValueIsReported(t *testing.T) {
	var out bytes.Buffer
	golog.SetOutput(&out)
	defer golog.SetOutput(os.Stderr)
	names, addresses := skippedCount(t, "Ingress", "name"), skippedCount(t, "Ingress", "address")

	f := newFixture(t, "", anIngress("bad_host.example.com", "192.0.2.1"))
	f.apply(anIngress("bad_host.example.com", "192.0.2.1")) // again, as after a relist
	if n := skippedCount(t, "Ingress", "name") - names; n != 1 {
		t.Errorf("counted %v bad names, want 1", n)
	}
	if n := strings.Count(out.String(), "bad_host.example.com"); n != 2 { // in the name of the Ingress, and as the value
		t.Errorf("logged %d times:\n%s", n, &out)
	}

	out.Reset()
	f.apply(anIngress("bad_host.example.com", "bad-address"))
	if n := skippedCount(t, "Ingress", "address") - addresses; n != 1 {
		t.Errorf("counted %v bad addresses, want 1", n)
	}
	if !strings.Contains(out.String(), `"bad-address"`) {
		t.Errorf("not logged:\n%s", &out)
	}

	out.Reset()
	f.apply(anIngress("bad_host.example.com"))
	f.remove(anIngress("bad_host.example.com"))
	f.apply(anIngress("good.example.com", "192.0.2.1"))
	if strings.Contains(out.String(), "address") {
		t.Errorf("logged for good values:\n%s", &out)
	}
}

// N5, L2: bad values are counted in every kind: each by itself, and once for a version of the object.
func TestBadValuesAreCounted(t *testing.T) {
	count := func(kind string) map[string]float64 {
		counts := map[string]float64{}
		for _, reason := range []string{"name", "address", "ttl", "type"} {
			counts[reason] = skippedCount(t, kind, reason)
		}
		return counts
	}
	check := func(kind, manifest string, want map[string]float64) {
		t.Helper()
		before := count(kind)
		newLive(t, "resources "+kind, manifest, manifest)
		for reason, n := range count(kind) {
			if n -= before[reason]; n != want[reason] {
				t.Errorf("%s: counted %v bad values of type %s, want %v", kind, n, reason, want[reason])
			}
		}
	}
	for _, kind := range annotatedKinds {
		check(kind, annotated(kind, "coredns.io/hostname: \"bad_host.example.com,web.example.com,b@d\""), map[string]float64{"name": 2})
		check(kind, annotated(kind, namedWeb+", coredns.io/target: \"*.example.net,0.0.0.0\""), map[string]float64{"name": 1, "address": 1})
		check(kind, annotated(kind, namedWeb+", coredns.io/ttl: soon"), map[string]float64{"ttl": 1})
	}
	check("DNSEndpoint", anObject("DNSEndpoint", "shop/web", `spec: {endpoints: [
		{dnsName: web.example.com, recordType: BOGUS, targets: [192.0.2.1]},
		{dnsName: web.example.com, recordType: "", targets: [192.0.2.1]},
		{dnsName: web.example.com, recordType: A, targets: [192.0.2.2]}]}`), map[string]float64{"type": 2})
}

// N5: what a log line takes from the cluster stays on the line.
func TestBadValueIsQuoted(t *testing.T) {
	var out bytes.Buffer
	golog.SetOutput(&out)
	defer golog.SetOutput(os.Stderr)
	newFixture(t, "resources DNSEndpoint", anEndpoint("web.example.com", "A", "1.2.3.4\n[FATAL] forged\x1b[31m", strings.Repeat("9", 10000)))
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
	badSelector := edge("{name: bad, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: Near}]}}}}")
	badName := namedGateway("coredns.io/hostname: \"bad_host.example.com,edge.example.com\"", "192.0.2.1")
	badAddress := slice("shop/a", "db", "{addresses: [256.0.0.1]}", "{addresses: [192.0.2.1]}")
	for _, tc := range []struct {
		kind, reason string
		objects      []string
	}{
		{"EndpointSlice", "address", []string{resolvedService(), badAddress, badAddress}},
		{"Service", "name", []string{
			anObject("Service", "shop/db", byEndpoints, "annotations: {coredns.io/hostname: \"db.example.com,"+long+"\"}", "spec: {}"),
			slice("shop/a", "db", "{addresses: [192.0.2.1], hostname: db-0}"), slice("shop/b", "db", "{addresses: [192.0.2.2]}"),
		}},
		{"Gateway", "name", []string{badName, badName}},
		{"Gateway", "selector", []string{badSelector, badSelector}},
		{"ListenerSet", "name", []string{edge("", setsFromSame), aSet("infra/set", fromAll("bad", "bad_host.example.com")+", "+fromAll("good", "good.example.com")),
			aRouteTo("HTTPRoute", "infra/web", toSet, "web.example.com", "good.example.com")}},
	} {
		before := skippedCount(t, tc.kind, tc.reason)
		newLive(t, "resources Service Gateway HTTPRoute", tc.objects...)
		if n := skippedCount(t, tc.kind, tc.reason) - before; n != 1 {
			t.Errorf("%s: counted %v for reason %q, want 1", tc.kind, n, tc.reason)
		}
	}
}
