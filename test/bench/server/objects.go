package main

import (
	"fmt"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	pluginName = "k8s_gateway"
	zone       = "example.com"
	namespaces = 100
)

// host returns the name of the i-th Ingress in DNS.
func host(i int) string { return fmt.Sprintf("host%d.ns%d.%s", i, i%namespaces, zone) }

// ingressName returns the namespace and name of the i-th Ingress.
func ingressName(i int) (namespace, name string) {
	return fmt.Sprintf("ns%d", i%namespaces), fmt.Sprintf("host%d", i)
}

// last returns which Ingress is listed last: names are listed in their order.
func (b *bench) last() int {
	last := 0
	key := func(i int) string { namespace, name := ingressName(i); return namespace + "/" + name }
	for i := range b.names {
		if key(i) > key(last) {
			last = i
		}
	}
	return last
}

// ingress returns the i-th Ingress, with the annotations that people have on them.
func ingress(i int) *networkingv1.Ingress {
	namespace, name := ingressName(i)
	class, prefix := "nginx", networkingv1.PathTypePrefix
	ing := &networkingv1.Ingress{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, Name: name,
			Labels: map[string]string{
				"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": name, "app.kubernetes.io/managed-by": "Helm",
				"app.kubernetes.io/version": "1.27.0", "helm.sh/chart": "web-4.2.1",
			},
			Annotations: map[string]string{
				"cert-manager.io/cluster-issuer":                    "letsencrypt-production",
				"meta.helm.sh/release-name":                         name,
				"meta.helm.sh/release-namespace":                    namespace,
				"nginx.ingress.kubernetes.io/backend-protocol":      "HTTP",
				"nginx.ingress.kubernetes.io/force-ssl-redirect":    "true",
				"nginx.ingress.kubernetes.io/proxy-body-size":       "64m",
				"nginx.ingress.kubernetes.io/proxy-read-timeout":    "300",
				"nginx.ingress.kubernetes.io/configuration-snippet": "more_set_headers \"Strict-Transport-Security: max-age=31536000\";\n",
			},
		},
		Spec: networkingv1.IngressSpec{
			IngressClassName: &class,
			TLS:              []networkingv1.IngressTLS{{Hosts: []string{host(i)}, SecretName: name + "-tls"}},
			Rules: []networkingv1.IngressRule{{Host: host(i), IngressRuleValue: networkingv1.IngressRuleValue{HTTP: &networkingv1.HTTPIngressRuleValue{
				Paths: []networkingv1.HTTPIngressPath{{Path: "/", PathType: &prefix, Backend: networkingv1.IngressBackend{
					Service: &networkingv1.IngressServiceBackend{Name: name, Port: networkingv1.ServiceBackendPort{Number: 80}}}}},
			}}}},
		},
	}
	ing.Annotations["kubectl.kubernetes.io/last-applied-configuration"] = fmt.Sprintf(
		`{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"annotations":%q,"labels":%q,"name":%q,"namespace":%q},"spec":%q}`,
		fmt.Sprint(ing.Annotations), fmt.Sprint(ing.Labels), name, namespace, ing.Spec.String())
	return ing
}

// pointTo gives an Ingress the address of one of some load balancers.
func pointTo(ing *networkingv1.Ingress, balancer int) {
	ing.Status.LoadBalancer.Ingress = []networkingv1.IngressLoadBalancerIngress{
		{IP: fmt.Sprintf("192.0.2.%d", balancer)}, {IP: fmt.Sprintf("2001:db8::%d", balancer)},
	}
}

// balancers is how many load balancers there are.
const balancers = 4

// hostsFile returns the same names as hosts reads them.
func (b *bench) hostsFile() string {
	var text strings.Builder
	for i := range b.names {
		fmt.Fprintf(&text, "192.0.2.%d %s\n2001:db8::%[1]d %[2]s\n", 1+i%balancers, host(i))
	}
	return text.String()
}

// sharing is how many routes share a host, in each of the cases.
var sharing = []int{1, 50, 500}

func sharedHost(n int) string { return fmt.Sprintf("shared%d.%s", n, zone) }

// sharedRoutes returns a Gateway, and the routes that share a host.
func sharedRoutes(n int) string {
	var text strings.Builder
	fmt.Fprint(&text, `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shared}
spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}]}
status: {addresses: [{type: IPAddress, value: 192.0.2.1}]}
`)
	for i := range n {
		fmt.Fprintf(&text, `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shared%d-%d}
spec: {parentRefs: [{name: shared}], hostnames: [%s], rules: [{matches: [{path: {value: /%[2]d}}]}]}
`, n, i, sharedHost(n))
	}
	return text.String()
}
