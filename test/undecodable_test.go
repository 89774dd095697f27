package test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// experimentalCRD returns the file of the experimental CRD of a resource of the Gateway API.
func experimentalCRD(t *testing.T, resource string) string {
	t.Helper()
	dirs, err := testcluster.StandardCRDs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		file := filepath.Join(filepath.Dir(dir), "experimental", "gateway.networking.k8s.io_"+resource+".yaml")
		if _, err := os.Stat(file); err == nil {
			return file
		}
	}
	t.Fatalf("no experimental CRD of %s in %q", resource, dirs)
	return ""
}

// undecodableServer serves HTTPRoutes before Ingresses. $OWN is the kubeconfig.
const undecodableServer = `
$ZONE:0 {
    bind 127.0.0.1
    errors
    k8s_gateway {
        resources HTTPRoute Ingress
        kubeconfig $OWN
        apex ns1 192.0.2.53
    }
}
`

// bodyRoute is an HTTPRoute that the API server takes, and whose maxSize overflows the field of the Go type (uint16). $ROUTE is
// its name.
const bodyRoute = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: $ROUTE, namespace: $NAMESPACE}
spec:
  parentRefs: [{name: gateway}]
  hostnames: [$ROUTE.$ZONE]
  rules:
  - filters:
    - type: ExternalAuth
      externalAuth:
        protocol: HTTP
        backendRef: {name: auth, port: 80}
        http: {path: /auth}
        forwardBody: {maxSize: 70000}
    backendRefs: [{name: web, port: 80}]
`

// bodyGateway takes routes of its namespace.
const bodyGateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gateway, namespace: $NAMESPACE}
spec: {gatewayClassName: test, listeners: [{name: http, protocol: HTTP, port: 80}]}
status:
  addresses: [{value: 192.0.2.3}]
`

// N5: an object that the API server takes and the Go types of the Gateway API cannot hold answers all the same, at a start
// and while CoreDNS runs, and so do all others.
func TestFieldsBeyondTheGoTypes(t *testing.T) {
	c := newCorner(t)
	own := newCluster(t, []string{experimentalCRD(t, "gateways"), experimentalCRD(t, "httproutes")})
	c.applyTo(own, ingressManifest)
	c.applyTo(own, bodyGateway)
	body := func(name string) string { return strings.ReplaceAll(bodyRoute, "$ROUTE", name) }
	plain := func(name string) string {
		text, _, _ := strings.Cut(body(name), "  rules:")
		return text
	}
	c.applyTo(own, body("early"))
	c.applyTo(own, plain("before"))

	s := c.serve(strings.ReplaceAll(undecodableServer, "$OWN", own.Kubeconfig()))
	for _, name := range []string{"early", "before"} {
		s.await(c.expand(name+".$ZONE"), dns.TypeA, "192.0.2.3")
	}
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")
	s.await(c.expand("nothing.$ZONE"), dns.TypeA, "NXDOMAIN")

	c.applyTo(own, body("running"))
	c.applyTo(own, plain("after"))
	for _, name := range []string{"running", "after"} {
		s.await(c.expand(name+".$ZONE"), dns.TypeA, "192.0.2.3")
	}
	if err := own.Delete(t.Context(), []byte(c.expand(body("running")))); err != nil {
		t.Fatal(err)
	}
	s.await(c.expand("running.$ZONE"), dns.TypeA, "NXDOMAIN")
	s.await(c.expand("after.$ZONE"), dns.TypeA, "192.0.2.3")
}
