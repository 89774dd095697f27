package test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// An API server that comes back after the startup grace, and may not be asked for
// what only now turns out to be needed: the rest answers, names that do not exist
// are denied (R1, R2).
func TestForbiddenAfterLateStart(t *testing.T) {
	c := newCorner(t)
	c.apply(in(namespacedManifest, "$NAMESPACE", "a"))
	for _, namespace := range []string{"$NAMESPACE", "$NAMESPACE-b"} {
		c.allow(namespace, []string{"services", "gateways.gateway.networking.k8s.io", "httproutes.gateway.networking.k8s.io"})
	}
	p := newProxy(t, cluster)
	p.cut()
	s := c.serve(strings.ReplaceAll(`
$ZONE:0 {
    bind 127.0.0.1
    errors
    k8s_gateway {
        resources Service HTTPRoute
        kubeconfig $ACCOUNT
        namespaces $NAMESPACE $NAMESPACE-b
        apex ns1 192.0.2.53
    }
}
`, "$ACCOUNT", p.kubeconfig(t, c.token())))
	s.expect("udp", c.expand("nothing.$ZONE"), dns.TypeA, "SERVFAIL")

	p.mend()
	s.awaitWithin(recovery, c.expand("nothing.$ZONE"), dns.TypeA, "NXDOMAIN")
	s.await(c.expand("db.$NAMESPACE.$ZONE"), dns.TypeA, "192.0.2.2")
	s.await(c.expand("http.a.$ZONE"), dns.TypeA, "192.0.2.3")
	s.await(c.expand("set.a.$ZONE"), dns.TypeA, "NXDOMAIN")
}
