package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// S3: the label and the annotation ask for endpoints, if they say "true".
func TestEndpointsAsked(t *testing.T) {
	const key = "k8s-gateway.dns/resolve-endpoints"
	for meta, want := range map[string]bool{
		"labels: {" + key + ": \"true\"}":       true,
		"annotations: {" + key + ": \"true\"}":  true,
		"labels: {" + key + ": \"false\"}":      false,
		"labels: {" + key + ": \"TRUE\"}":       false,
		"annotations: {" + key + ": \"\"}":      false,
		"labels: {" + key + "-x: \"true\"}":     false,
		"annotations: {coredns.io/x: \"true\"}": false,
	} {
		l := newLive(t, "resources Service", anObject("Service", "shop/db", meta, "spec: {type: ClusterIP}"), slice("shop/db-1", "db", "{addresses: [192.0.2.1]}"))
		served := ""
		if want {
			served = "db.shop"
		}
		l.only("db.shop", served)
		if watched := contains(l.watched(0), "EndpointSlice"); watched != want {
			t.Errorf("EndpointSlices watched: %t, want %t", watched, want)
		}
		if t.Failed() {
			t.Fatal(meta)
		}
	}
}

// S3: a Service of any type answers with its endpoints, in place of what it would answer with otherwise.
func TestEndpointsOfAnyType(t *testing.T) {
	for _, spec := range []string{
		"", "type: ClusterIP, clusterIP: 10.0.0.1", "type: ClusterIP, clusterIP: None", "type: NodePort",
		"type: LoadBalancer", "type: LoadBalancer, externalIPs: [192.0.2.9]", "type: ExternalName, externalName: db.example.net",
	} {
		l := newLive(t, "resources Service",
			anObject("Service", "shop/db", byEndpoints, "spec: {"+spec+"}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.8}]}}"),
			slice("shop/db-1", "db", "{addresses: [192.0.2.1]}", "{addresses: [192.0.2.2]}"),
			sliceOf("IPv6", "shop/db-2", "db", `{addresses: ["2001:db8::1"]}`))
		l.ask(a("db.shop.example.com.", "192.0.2.1", "192.0.2.2"), aaaa("db.shop.example.com.", "2001:db8::1"), nodata("db.shop.example.com.", dns.TypeTXT))
		if t.Failed() {
			t.Fatal(spec)
		}
	}
}

// S3: the first address of each endpoint that is ready, united over slices.
func TestEndpointsAddresses(t *testing.T) {
	for _, tc := range []struct {
		what   string
		slices []string
		addrs  []string
	}{
		{"first address", []string{slice("shop/a", "db", "{addresses: [192.0.2.1, 192.0.2.2]}")}, []string{"192.0.2.1"}},
		{"union", []string{slice("shop/a", "db", "{addresses: [192.0.2.1]}", "{addresses: [192.0.2.2]}"), slice("shop/b", "db", "{addresses: [192.0.2.2]}", "{addresses: [192.0.2.3]}")}, []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"}},
		{"other Service", []string{slice("shop/a", "db", "{addresses: [192.0.2.1]}"), slice("shop/b", "other", "{addresses: [192.0.2.2]}")}, []string{"192.0.2.1"}},
		{"other namespace", []string{slice("shop/a", "db", "{addresses: [192.0.2.1]}"), slice("blog/b", "db", "{addresses: [192.0.2.2]}")}, []string{"192.0.2.1"}},
		{"no label", []string{slice("shop/a", "db", "{addresses: [192.0.2.1]}"), slice("shop/b", "", "{addresses: [192.0.2.2]}")}, []string{"192.0.2.1"}},
		{"name of the slice", []string{slice("shop/db", "", "{addresses: [192.0.2.2]}")}, nil},
		{"FQDN", []string{slice("shop/a", "db", "{addresses: [192.0.2.1]}"), sliceOf("FQDN", "shop/b", "db", "{addresses: [db.example.net]}", "{addresses: [192.0.2.2]}")}, []string{"192.0.2.1"}},
		{"bad address", []string{slice("shop/a", "db", "{addresses: [256.0.0.1]}", "{addresses: [0.0.0.0]}", "{addresses: [192.0.2.1]}")}, []string{"192.0.2.1"}},
		{"no address", []string{slice("shop/a", "db", "{addresses: []}", "{}", "{addresses: [192.0.2.1]}")}, []string{"192.0.2.1"}},
		{"no endpoints", []string{slice("shop/a", "db")}, nil},
		{"no slice", nil, nil},
	} {
		l := newLive(t, "resources Service", append(tc.slices, resolvedService())...)
		if tc.addrs == nil {
			l.ask(nxdomain("db.example.com.", dns.TypeA))
		} else {
			l.ask(a("db.example.com.", tc.addrs...))
		}
		if t.Failed() {
			t.Fatal(tc.what)
		}
	}
}

// S3: an endpoint is ready unless it says that it is not, and publishNotReadyAddresses takes those as well.
func TestEndpointsReady(t *testing.T) {
	endpoints := []string{
		"{addresses: [192.0.2.1]}", "{addresses: [192.0.2.2], conditions: {}}", "{addresses: [192.0.2.3], conditions: {ready: true}}",
		"{addresses: [192.0.2.4], conditions: {ready: false}}", "{addresses: [192.0.2.5], conditions: {ready: false, serving: true, terminating: true}}",
		"{addresses: [192.0.2.6], conditions: {ready: true, serving: false}}", "{addresses: [192.0.2.7], hostname: seven, conditions: {ready: false}}",
	}
	ready := []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.6"}
	l := newLive(t, "resources Service", resolvedService(), slice("shop/a", "db", endpoints...))
	l.ask(a("db.example.com.", ready...), nxdomain("seven.db.example.com.", dns.TypeA))
	l.apply(resolvedService("publishNotReadyAddresses: true"))
	l.ask(a("db.example.com.", append(ready, "192.0.2.4", "192.0.2.5", "192.0.2.7")...), a("seven.db.example.com.", "192.0.2.7"))
	l.apply(resolvedService())
	l.ask(a("db.example.com.", ready...), nxdomain("seven.db.example.com.", dns.TypeA))
}

// S3, N5: what is bad in a slice is counted once.
func TestEndpointsBadAddressCounted(t *testing.T) {
	before := skippedCount(t, "EndpointSlice", "address")
	bad := slice("shop/a", "db", "{addresses: [256.0.0.1]}", "{addresses: [192.0.2.1]}")
	newLive(t, "resources Service", resolvedService(), bad, bad)
	if n := skippedCount(t, "EndpointSlice", "address") - before; n != 1 {
		t.Errorf("counted %v bad addresses, want 1", n)
	}
}

// S1, S2: of Services that share a name some answer with their endpoints, others with what they have.
func TestEndpointsOfServicesUnited(t *testing.T) {
	l := newLive(t, "resources Service", resolvedService(), slice("shop/a", "db", "{addresses: [192.0.2.1]}"),
		anObject("Service", "blog/db", "annotations: {coredns.io/hostname: db.example.com}", "spec: {type: LoadBalancer, externalIPs: [192.0.2.2]}"),
		anObject("Service", "lab/db", byEndpoints, "annotations: {coredns.io/hostname: db}", "spec: {}"),
		slice("lab/a", "db", "{addresses: [192.0.2.3]}"))
	l.ask(a("db.example.com.", "192.0.2.1", "192.0.2.2", "192.0.2.3"))
}
