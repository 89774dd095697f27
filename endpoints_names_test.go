package gateway

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// S3: endpoints with a hostname answer at <hostname>.<name> as well, under every name of the Service but wild ones.
func TestEndpointHostnames(t *testing.T) {
	service := anObject("Service", "shop/db", byEndpoints, "annotations: {coredns.io/hostname: \"db.example.com, pg, *.wild.example.com\"}", "spec: {clusterIP: None}")
	l := newLive(t, "k8s_gateway example.com example.org {\nresources Service\n}", service,
		slice("shop/a", "db", "{addresses: [192.0.2.1], hostname: db-0}", "{addresses: [192.0.2.2], hostname: db-1}", "{addresses: [192.0.2.3]}"),
		sliceOf("IPv6", "shop/b", "db", `{addresses: ["2001:db8::1"], hostname: db-0}`), slice("shop/c", "db", "{addresses: [192.0.2.4], hostname: db-1}"))
	l.ask(
		a("db.example.com.", "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"),
		a("db-0.db.example.com.", "192.0.2.1"), aaaa("db-0.db.example.com.", "2001:db8::1"),
		a("DB-1.db.example.com.", "192.0.2.2", "192.0.2.4"), nodata("db-1.db.example.com.", dns.TypeAAAA),
		a("db-0.pg.example.com.", "192.0.2.1"), a("db-0.pg.example.org.", "192.0.2.1"),
		a("db-0.wild.example.com.", "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"), // the wildcard
		nxdomain("db-2.db.example.com.", dns.TypeA), nxdomain("x.db-0.db.example.com.", dns.TypeA),
	)
}

// S3, Z12: they go with their endpoint, and the Service's name stays.
func TestEndpointHostnamesChange(t *testing.T) {
	l := newLive(t, "resources Service", resolvedService(), slice("shop/a", "db", "{addresses: [192.0.2.1], hostname: db-0}", "{addresses: [192.0.2.2]}"))
	const all = "db db-0.db db-1.db"
	for _, c := range []change{
		{"as is", resolvedService(), "db db-0.db"},
		{"other hostname", slice("shop/a", "db", "{addresses: [192.0.2.1], hostname: db-1}"), "db db-1.db"},
		{"not ready", slice("shop/a", "db", "{addresses: [192.0.2.1], hostname: db-1, conditions: {ready: false}}", "{addresses: [192.0.2.2]}"), "db"},
		{"no hostname", slice("shop/a", "db", "{addresses: [192.0.2.1]}"), "db"},
		{"both", slice("shop/a", "db", "{addresses: [192.0.2.1], hostname: db-0}", "{addresses: [192.0.2.2], hostname: db-1}"), all},
		{"none", slice("shop/a", "db"), ""},
		{"empty hostname", slice("shop/a", "db", "{addresses: [192.0.2.1], hostname: \"\"}"), "db"},
	} {
		l.apply(c.manifest)
		if l.only(all, c.served); t.Failed() {
			t.Fatal(c.what)
		}
	}
}

// S3, N5: a hostname that makes no name costs that name only, and is counted once.
func TestEndpointHostnamesBad(t *testing.T) {
	long := strings.Repeat(strings.Repeat("x", 59)+".", 4) + "example.com" // 251 octets
	before := skippedCount(t, "Service", "name") + skippedCount(t, "EndpointSlice", "name")
	l := newLive(t, "resources Service",
		anObject("Service", "shop/db", byEndpoints, "annotations: {coredns.io/hostname: \"db.example.com,"+long+"\"}", "spec: {}"),
		slice("shop/a", "db", "{addresses: [192.0.2.1], hostname: db-0}"))
	l.ask(a("db.example.com.", "192.0.2.1"), a("db-0.db.example.com.", "192.0.2.1"), a(long+".", "192.0.2.1"))
	l.apply(slice("shop/b", "db", "{addresses: [192.0.2.2]}"))
	if n := skippedCount(t, "Service", "name") + skippedCount(t, "EndpointSlice", "name") - before; n != 1 {
		t.Errorf("counted %v bad names, want 1", n)
	}
}

// S4, S5: SRV records and PTR records of a Service that answers with its endpoints.
func TestEndpointsRecords(t *testing.T) {
	l := newLive(t, "k8s_gateway example.com 2.0.192.in-addr.arpa {\nresources Service\n}",
		resolvedService("ports: [{name: pg, port: 5432, protocol: TCP}, {port: 80}]"),
		slice("shop/a", "db", "{addresses: [192.0.2.1], hostname: db-0}", "{addresses: [192.0.2.2]}")+"ports: [{name: pg, port: 5432, protocol: TCP}]\n")
	l.check(
		expect("_pg._tcp.db.example.com. SRV", "_pg._tcp.db.example.com. 60 IN SRV 0 100 5432 db.example.com.",
			"add: db.example.com. 60 IN A 192.0.2.1", "add: db.example.com. 60 IN A 192.0.2.2"),
		expect("2.2.0.192.in-addr.arpa. PTR", "2.2.0.192.in-addr.arpa. 60 IN PTR db.example.com."),
	)
	if got := strings.Join(l.answers("1.2.0.192.in-addr.arpa. PTR"), "\n"); !strings.Contains(got, " db.example.com.") && !strings.Contains(got, "\tdb.example.com.") {
		t.Errorf("PTR: %q", got)
	}
	// S4: without an answer there are none.
	l.apply(slice("shop/a", "db", "{addresses: [192.0.2.1], conditions: {ready: false}}"))
	l.check(expect("_pg._tcp.db.example.com. SRV", "NXDOMAIN", "soa"))
	if got := l.answers("1.2.0.192.in-addr.arpa. PTR"); len(got) > 0 {
		t.Errorf("PTR: %q", got)
	}
}
