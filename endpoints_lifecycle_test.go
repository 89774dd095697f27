package gateway

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// S3: Services and slices in either order, coming and going.
func TestEndpointsOrder(t *testing.T) {
	service, one, two := resolvedService(), slice("shop/a", "db", "{addresses: [192.0.2.1]}"), slice("shop/b", "db", "{addresses: [192.0.2.2]}")
	for _, order := range [][]string{{service, one, two}, {one, two, service}, {one, service, two}} {
		l := newLive(t, "resources Service", order...)
		l.ask(a("db.example.com.", "192.0.2.1", "192.0.2.2"))
		l.remove(order[0])
		l.apply(order[0])
		l.ask(a("db.example.com.", "192.0.2.1", "192.0.2.2"))
		l.remove(two)
		l.ask(a("db.example.com.", "192.0.2.1"))
		l.remove(service)
		l.ask(nxdomain("db.example.com.", dns.TypeA))
	}
}

// S3: a Service changes to its endpoints and back.
func TestEndpointsOnAndOff(t *testing.T) {
	plain := anObject("Service", "shop/db", "annotations: {coredns.io/hostname: db.example.com}", "spec: {type: LoadBalancer, externalIPs: [192.0.2.9]}")
	internal := anObject("Service", "shop/db", "annotations: {coredns.io/hostname: db.example.com}", "spec: {type: ClusterIP}")
	l := newLive(t, "resources Service", slice("shop/a", "db", "{addresses: [192.0.2.1], hostname: db-0}"), plain)
	if contains(l.watched(0), "EndpointSlice") {
		t.Errorf("watched: %v", l.watched(0))
	}
	for range 2 {
		l.apply(plain)
		l.ask(a("db.example.com.", "192.0.2.9"), nxdomain("db-0.db.example.com.", dns.TypeA))
		l.apply(resolvedService())
		l.ask(a("db.example.com.", "192.0.2.1"), a("db-0.db.example.com.", "192.0.2.1"))
		l.apply(internal)
		l.ask(nxdomain("db.example.com.", dns.TypeA), nxdomain("db-0.db.example.com.", dns.TypeA))
		l.apply(resolvedService())
		l.apply(strings.Replace(resolvedService(), "db.example.com", "pg.example.com", 1))
		l.ask(a("pg.example.com.", "192.0.2.1"), a("db-0.pg.example.com.", "192.0.2.1"), nxdomain("db.example.com.", dns.TypeA))
	}
}

// S3: a slice that changes hands, or its label.
func TestEndpointsSliceChanges(t *testing.T) {
	other := strings.NewReplacer("name: db", "name: pg", "db.example.com", "pg.example.com").Replace(resolvedService())
	l := newLive(t, "resources Service", resolvedService(), other)
	for range 2 {
		l.apply(slice("shop/a", "db", "{addresses: [192.0.2.1]}"))
		l.only("db pg", "db")
		l.apply(slice("shop/a", "pg", "{addresses: [192.0.2.1]}"))
		l.only("db pg", "pg")
		l.apply(slice("shop/a", "", "{addresses: [192.0.2.1]}"))
		l.only("db pg", "")
		l.apply(slice("shop/a", "pg", "{addresses: [192.0.2.1]}"))
		l.apply(sliceOf("FQDN", "shop/a", "pg", "{addresses: [192.0.2.1]}"))
		l.only("db pg", "")
	}
}

// S3, Z12: without endpoints the name is pending, and no wildcard covers it.
func TestEndpointsPending(t *testing.T) {
	l := newLive(t, "resources Service Ingress", anIngress("*.example.com", "192.0.2.99"), resolvedService("ports: [{name: pg, port: 5432}]"))
	pending := func() {
		t.Helper()
		l.ask(nxdomain("db.example.com.", dns.TypeA), nxdomain("db.example.com.", dns.TypeTXT))
	}
	pending()
	l.apply(slice("shop/a", "db", "{addresses: [192.0.2.1]}"))
	l.ask(a("db.example.com.", "192.0.2.1"))
	l.apply(slice("shop/a", "db", "{addresses: [192.0.2.1], conditions: {ready: false}}"))
	pending()
	l.remove(slice("shop/a", "db"))
	pending()
	l.remove(resolvedService())
	l.ask(a("db.example.com.", "192.0.2.99"))
}

// S3, Z2: once a Service asks for its endpoints, nothing is denied before they are known.
func TestEndpointsUncertain(t *testing.T) {
	f := unlisted(t, "resources Service\napex ns1 192.0.2.53")
	f.apply(resolvedService())
	f.list("Service")
	f.ask(servfail("db.example.com.", dns.TypeA), servfail("nowhere.example.com.", dns.TypeA))
	f.apply(slice("shop/a", "db", "{addresses: [192.0.2.1]}"))
	f.list("EndpointSlice")
	f.ask(a("db.example.com.", "192.0.2.1"))
	f.check(expect("nowhere.example.com. A", "NXDOMAIN", "ns: example.com. 5 IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"))
}

// S3, L2: a target annotation takes the place of the endpoints, for a Service of any type, and needs no slices.
func TestEndpointsTargetAnnotation(t *testing.T) {
	for _, kind := range []string{"LoadBalancer", "ClusterIP", "NodePort"} {
		targeted := anObject("Service", "shop/db", byEndpoints, "annotations: {coredns.io/hostname: db.example.com, coredns.io/target: 192.0.2.7}", "spec: {type: "+kind+", externalIPs: [192.0.2.8]}")
		l := newLive(t, "resources Service", slice("shop/a", "db", "{addresses: [192.0.2.1], hostname: db-0}"), targeted)
		if contains(l.watched(0), "EndpointSlice") {
			t.Errorf("watched: %v", l.watched(0))
		}
		l.ask(a("db.example.com.", "192.0.2.7"), nxdomain("db-0.db.example.com.", dns.TypeA))
		l.apply(anObject("Service", "shop/db", byEndpoints, "annotations: {coredns.io/hostname: db.example.com}", "spec: {type: "+kind+"}"))
		l.ask(a("db.example.com.", "192.0.2.1"))
		l.apply(targeted)
		l.ask(a("db.example.com.", "192.0.2.7"))
		if t.Failed() {
			t.Fatal(kind)
		}
	}
}

// A3: the serial moves when an endpoint does, and not when a slice changes nothing.
func TestEndpointsSerial(t *testing.T) {
	l := newLive(t, "resources Service", resolvedService(), slice("shop/a", "db", "{addresses: [192.0.2.1]}"))
	if l.moves("example.com", func() { l.apply(slice("shop/a", "db", "{addresses: [192.0.2.1], conditions: {ready: true}}")) }) {
		t.Error("moved for nothing")
	}
	if l.moves("example.com", func() { l.apply(slice("shop/b", "other", "{addresses: [192.0.2.2]}")) }) {
		t.Error("moved for another Service")
	}
	if !l.moves("example.com", func() { l.apply(slice("shop/a", "db", "{addresses: [192.0.2.3]}")) }) {
		t.Error("did not move")
	}
}

// L1, Z13: filters leave Services out, endpoints and all, and no slices are watched for them.
func TestEndpointsFiltered(t *testing.T) {
	for _, stanza := range []string{"serviceLabelSelectors app=web", "labelSelector app=web", "namespaces blog"} {
		l := newLive(t, "resources Service\n"+stanza, resolvedService(), slice("shop/a", "db", "{addresses: [192.0.2.1]}"))
		l.only("db", "")
		if contains(l.watched(0), "EndpointSlice") {
			t.Errorf("%s: watched: %v", stanza, l.watched(0))
		}
	}
	l := newLive(t, "resources Service", strings.Replace(resolvedService(), "labels: {", "labels: {k8s-gateway.dns/ignore: \"true\", ", 1), slice("shop/a", "db", "{addresses: [192.0.2.1]}"))
	l.only("db", "")
}
