package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

const webIngress = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: default}
spec:
  ingressClassName: nginx
  rules:
  - host: web.example.com
  - host: www.web.example.com
  - host: other.example.net
  - http: {paths: []}
status:
  loadBalancer:
    ingress:
    - ip: 192.0.2.2
    - ip: 192.0.2.1
    - ip: 2001:db8::1
`

// I1, I3: every host of the rules has the addresses of the load balancer; hostless rules have none.
func TestIngress(t *testing.T) {
	f := newFixture(t, "resources Ingress", webIngress)
	f.ask(
		a("web.example.com.", "192.0.2.1", "192.0.2.2"),
		a("www.web.example.com.", "192.0.2.1", "192.0.2.2"),
		aaaa("web.example.com.", "2001:db8::1"),
		nodata("web.example.com.", dns.TypeTXT),
		nxdomain("nowhere.example.com.", dns.TypeA),
	)
	f.remove(webIngress)
	f.ask(
		nxdomain("web.example.com.", dns.TypeA),
		nxdomain("www.web.example.com.", dns.TypeA),
	)
	if n := f.names.Len(); n != 4 { // example.com, com, the root and the nameserver's two
		t.Logf("names left: %d", n)
	}
}

// I2: the class filter reads spec.ingressClassName or the annotation that came before it, and an
// Ingress without either is of no class.
func TestIngressClasses(t *testing.T) {
	f := newFixture(t, "resources Ingress\ningressClasses nginx traefik", webIngress, `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: legacy, namespace: default, annotations: {kubernetes.io/ingress.class: traefik}}
spec: {rules: [{host: legacy.example.com}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.3}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: classless, namespace: default}
spec: {rules: [{host: classless.example.com}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.4}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: foreign, namespace: default, annotations: {kubernetes.io/ingress.class: nginx}}
spec: {ingressClassName: haproxy, rules: [{host: foreign.example.com}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.5}]}}
`)
	f.ask(
		a("web.example.com.", "192.0.2.1", "192.0.2.2"),
		a("legacy.example.com.", "192.0.2.3"),
		nxdomain("classless.example.com.", dns.TypeA),
		nxdomain("foreign.example.com.", dns.TypeA),
	)
}
