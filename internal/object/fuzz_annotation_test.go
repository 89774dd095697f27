package object_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// FuzzAnnotation puts anything into the hostname annotations of a Service, with an address or a hostname behind.
func FuzzAnnotation(f *testing.F) {
	for _, value := range []string{
		"", ",", " , ,", "web", "web.example.com", "web.example.com.", "WEB.example.com,web", "*.web", "*", "a.*.b", "1.2.3.4", "::1", "web..x", "-a,b-",
		"example.com", "inner.example.com", "x.inner.example.com", "ns1", "a.b,b", "_http._tcp.web", "1.2.0.192.in-addr.arpa", "2.0.192.in-addr.arpa",
		"ⓦeb.example.com", "xn--a", "a\x00b", "a\\.b", "lb.example.net", "lb.example.net.example.com", "x.example.com y.example.com",
	} {
		f.Add(value, "", "192.0.2.1")
		f.Add("", value, "lb.example.net")
		f.Add(value, "other.example.com", value)
	}
	f.Fuzz(func(t *testing.T, own, externalDNS, target string) {
		annotations := map[string]string{}
		if own != "" {
			annotations["coredns.io/hostname"] = own
		}
		if externalDNS != "" {
			annotations["external-dns.alpha.kubernetes.io/hostname"] = externalDNS
		}
		fixture.NewFuzz(t).Endure([]kube.Object{&corev1.Service{
			ObjectMeta: metav1.ObjectMeta{Name: "x", Namespace: "y", Annotations: annotations},
			Spec:       corev1.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer, Ports: []corev1.ServicePort{{Name: "http", Port: 80}}},
			Status:     corev1.ServiceStatus{LoadBalancer: corev1.LoadBalancerStatus{Ingress: []corev1.LoadBalancerIngress{{IP: target}, {Hostname: target}}}},
		}})
	})
}
