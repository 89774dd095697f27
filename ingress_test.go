package gateway

import (
	"strings"
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

// I1: a host that stands in several rules, or in several Ingresses, is one name with all addresses.
func TestIngressSharedHost(t *testing.T) {
	f := newFixture(t, "resources Ingress", webIngress, `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shared, namespace: other}
spec: {rules: [{host: web.example.com}, {host: web.example.com}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.9}]}}
`)
	f.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2", "192.0.2.9"), a("www.web.example.com.", "192.0.2.1", "192.0.2.2"))
	f.remove(webIngress)
	f.ask(a("web.example.com.", "192.0.2.9"), nxdomain("www.web.example.com.", dns.TypeA))
}

// I1: an Ingress with a default backend only claims nothing, and the hosts of `tls` are none of its names.
func TestIngressWithoutRules(t *testing.T) {
	f := newFixture(t, "resources Ingress", `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: default}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}, tls: [{hosts: [web.example.com]}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
`)
	f.ask(nxdomain("web.example.com.", dns.TypeA), nodata("example.com.", dns.TypeA))
}

// I2: an Ingress that changes its class comes and goes.
func TestIngressClassChanges(t *testing.T) {
	f := newFixture(t, "resources Ingress\ningressClasses nginx", webIngress)
	f.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2"))
	f.apply(strings.Replace(webIngress, "nginx", "haproxy", 1))
	f.ask(nxdomain("web.example.com.", dns.TypeA))
	f.apply(webIngress)
	f.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2"))
}

// I2: an empty spec.ingressClassName is none, and the annotation counts.
func TestIngressEmptyClass(t *testing.T) {
	f := newFixture(t, "resources Ingress\ningressClasses nginx", `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: default, annotations: {kubernetes.io/ingress.class: nginx}}
spec: {ingressClassName: "", rules: [{host: web.example.com}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
`)
	f.ask(a("web.example.com.", "192.0.2.1"))
}

// I3: an Ingress that changes answers with what it has become.
func TestIngressChanges(t *testing.T) {
	f := newFixture(t, "", anIngress("web.example.com", "192.0.2.1"))
	f.apply(anIngress("web.example.com", "192.0.2.2", "2001:db8::2"))
	f.ask(a("web.example.com.", "192.0.2.2"), aaaa("web.example.com.", "2001:db8::2"))
	f.apply(strings.Replace(anIngress("web.example.com", "192.0.2.2"), `"host":"web.`, `"host":"new.`, 1))
	f.ask(nxdomain("web.example.com.", dns.TypeA), a("new.example.com.", "192.0.2.2"))
}

// I3: an entry may have an address and a host name; the address counts.
func TestIngressEntryWithBoth(t *testing.T) {
	f := newFixture(t, "resources Ingress", `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: default}
spec: {rules: [{host: web.example.com}]}
status: {loadBalancer: {ingress: [{hostname: lb.example.net}, {ip: 192.0.2.1, hostname: lb.example.net, ports: [{port: 80, protocol: TCP}]}]}}
`)
	f.ask(a("web.example.com.", "192.0.2.1"))
}
