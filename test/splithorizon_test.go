package test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	_ "github.com/coredns/coredns/plugin/file" // what falls through
)

// outsideZone is the zone as the rest of the world sees it.
const outsideZone = `
$ORIGIN $ZONE.
@ 60 IN SOA ns.outside.example. root.outside.example. 1 7200 1800 86400 5
@ 60 IN NS ns.outside.example.
@ 60 IN A 203.0.113.1
@ 60 IN MX 10 mail.outside.example.
app 60 IN AAAA 2001:db8:ff::1
sub 60 IN A 203.0.113.2
www 60 IN A 203.0.113.3
other 60 IN A 203.0.113.4
`

const insideIngress = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: inside, namespace: $NAMESPACE}
spec:
  rules: [{host: app.$ZONE}, {host: app.sub.$ZONE}, {host: www.$ZONE}, {host: lost.child.$ZONE}]
status: {loadBalancer: {ingress: [{ip: 192.0.2.7}]}}
`

// Z7, Z9, Z3, L5, N3: every question for a name that no object answers for falls through, and none for one that an object
// does. An excluded name falls through although an object has it. The stanza of a zone below comes first for its names,
// wherever it stands.
func TestSplitHorizon(t *testing.T) {
	c := newCorner(t)
	c.apply(insideIngress)
	file := filepath.Join(t.TempDir(), "db.outside")
	if err := os.WriteFile(file, []byte(c.expand(outsideZone)), 0o600); err != nil {
		t.Fatal(err)
	}
	s := c.serve(strings.ReplaceAll(`
.:0 {
    bind 127.0.0.1
    errors
    k8s_gateway $ZONE {
        resources Ingress
        kubeconfig $KUBECONFIG
        apex ns1 192.0.2.53
        exclude www.$ZONE
        fallthrough
    }
    k8s_gateway child.$ZONE {
        resources Service
        kubeconfig $KUBECONFIG
        apex ns1 192.0.2.54
    }
    file $FILE $ZONE
}
`, "$FILE", file))
	s.await(c.expand("app.$ZONE"), dns.TypeA, "192.0.2.7")
	for _, q := range []struct {
		name  string
		qtype uint16
		want  string
	}{
		{"app.$ZONE", dns.TypeAAAA, "NODATA"},
		{"app.sub.$ZONE", dns.TypeA, "192.0.2.7"},
		{"sub.$ZONE", dns.TypeA, "203.0.113.2"},
		{"other.$ZONE", dns.TypeA, "203.0.113.4"},
		{"www.$ZONE", dns.TypeA, "203.0.113.3"},
		{"$ZONE", dns.TypeA, "203.0.113.1"},
		{"$ZONE", dns.TypeMX, "10 mail.outside.example."},
		{"$ZONE", dns.TypeNS, "ns1.$ZONE."},
		{"ns1.$ZONE", dns.TypeTXT, "NODATA"},
		{"lost.child.$ZONE", dns.TypeA, "NXDOMAIN"},
		{"ns1.child.$ZONE", dns.TypeA, "192.0.2.54"},
		{"child.$ZONE", dns.TypeDS, "NODATA"},
	} {
		for _, network := range []string{"udp", "tcp"} {
			s.expect(network, c.expand(q.name), q.qtype, c.expand(q.want))
		}
	}
}
