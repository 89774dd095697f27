package test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// versionedManifest has a route of each kind that has had several versions. Each
// $KIND is the version that the kind has.
const versionedManifest = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: $NAMESPACE}
spec:
  gatewayClassName: test
  listeners:
  - {name: tls, protocol: TLS, port: 8443, hostname: "*.$ZONE", tls: {mode: Passthrough}}
  - {name: tcp, protocol: TCP, port: 5432}
  - {name: udp, protocol: UDP, port: 53}
status: {addresses: [{value: 192.0.2.3}]}
---
apiVersion: gateway.networking.k8s.io/$TLSROUTE
kind: TLSRoute
metadata: {name: tls, namespace: $NAMESPACE}
spec: {parentRefs: [{name: gw}], hostnames: [tls.$ZONE], rules: [{backendRefs: [{name: backend, port: 443}]}]}
---
apiVersion: gateway.networking.k8s.io/$TCPROUTE
kind: TCPRoute
metadata: {name: tcp, namespace: $NAMESPACE, annotations: {coredns.io/hostname: tcp.$ZONE}}
spec: {parentRefs: [{name: gw}], rules: [{backendRefs: [{name: backend, port: 5432}]}]}
---
apiVersion: gateway.networking.k8s.io/$UDPROUTE
kind: UDPRoute
metadata: {name: udp, namespace: $NAMESPACE, annotations: {coredns.io/hostname: udp.$ZONE}}
spec: {parentRefs: [{name: gw}], rules: [{backendRefs: [{name: backend, port: 53}]}]}
`

func versioned(tls, tcp, udp string) string {
	return strings.NewReplacer("$TLSROUTE", tls, "$TCPROUTE", tcp, "$UDPROUTE", udp).Replace(versionedManifest)
}

// versionedServer is a Corefile for these kinds. $OWN is the kubeconfig.
const versionedServer = `
$ZONE:0 {
    bind 127.0.0.1
    errors
    k8s_gateway {
        resources Ingress HTTPRoute TLSRoute TCPRoute UDPRoute
        kubeconfig $OWN
        apex ns1 192.0.2.53
    }
}
`

// Each kind is read in a version that the cluster serves, old ones among them (G7).
func TestOldVersions(t *testing.T) {
	for tls, others := range map[string]string{"v1alpha2": "v1alpha2", "v1alpha3": "v1"} {
		t.Run(tls, func(t *testing.T) {
			c := newCorner(t)
			own := newCluster(t, []string{
				writeCRD(t, crd(t, "gateways", "v1")), writeCRD(t, crd(t, "httproutes", "v1")), writeCRD(t, crd(t, "tlsroutes", tls)),
				writeCRD(t, crd(t, "tcproutes", others)), writeCRD(t, crd(t, "udproutes", others)),
			})
			c.applyTo(own, versioned(tls, others, others))
			said := newLogged(t)
			s := c.serve(strings.ReplaceAll(versionedServer, "$OWN", own.Kubeconfig()))
			for _, kind := range []string{"tls", "tcp", "udp"} {
				s.await(c.expand(kind+".$ZONE"), dns.TypeA, "192.0.2.3")
			}
			s.await(c.expand("nothing.$ZONE"), dns.TypeA, "NXDOMAIN")
			// One line says that it works; nothing is amiss.
			said.once(t, "INFO", own.Kubeconfig()+": https://127.0.0.1:", " lists Ingress, Gateway, HTTPRoute, TLSRoute, TCPRoute, UDPRoute: 4 objects, 3 names, after ")
			if lines := said.lines("plugin/k8s_gateway"); len(lines) != 1 {
				t.Errorf("logged: %q", lines)
			}
		})
	}
}

// A kind goes from an old version to a new one while its names answer: what
// changes afterwards shows, without a restart (R2, G7).
func TestVersionChanges(t *testing.T) {
	c := newCorner(t)
	own := newCluster(t, []string{
		writeCRD(t, crd(t, "gateways", "v1")), writeCRD(t, crd(t, "httproutes", "v1")), writeCRD(t, crd(t, "tlsroutes", "v1alpha2")),
		writeCRD(t, crd(t, "tcproutes", "v1")), writeCRD(t, crd(t, "udproutes", "v1")),
	})
	c.applyTo(own, versioned("v1alpha2", "v1", "v1"))
	s := c.serve(strings.ReplaceAll(versionedServer, "$OWN", own.Kubeconfig()))
	name := c.expand("tls.$ZONE")
	s.await(name, dns.TypeA, "192.0.2.3")
	st := s.stream(answers{"tls.$ZONE": "192.0.2.3", "tcp.$ZONE": "192.0.2.3", "udp.$ZONE": "192.0.2.3", "other.$ZONE": "NXDOMAIN"})

	// What is stored in a version cannot lose it; that it is not served is enough.
	upgraded := crd(t, "tlsroutes")
	if err := own.Apply(t.Context(), []byte(upgraded)); err != nil {
		t.Fatal(err)
	}
	st.lap()
	st.change("tls.$ZONE", "NXDOMAIN")
	c.applyTo(own, strings.ReplaceAll(versioned("v1", "v1", "v1"), "tls.$ZONE", "moved.$ZONE"))
	t.Logf("shown after %s", s.awaitWithin(pickup, c.expand("moved.$ZONE"), dns.TypeA, "192.0.2.3"))
	st.awaitChanges(awaitTimeout)
	st.end()
}
