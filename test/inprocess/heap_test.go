package inprocess

import (
	"encoding/json"
	"fmt"
	"runtime"
	"testing"

	corev1 "k8s.io/api/core/v1"

	networkingv1 "k8s.io/api/networking/v1"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/measure"
)

// What an object may cost in live heap, in bytes: the record, its keys in two indexes and a node in the table of names. A
// change that needs more has to say here what for.
func TestHeap(t *testing.T) {
	if measure.RaceDetector {
		t.Skip("the race detector has a heap of its own")
	}
	const n = 20_000
	for _, tc := range []struct {
		kind   string
		budget int
		object func(i int) kube.Object
	}{
		{"Ingress", 700, func(i int) kube.Object {
			return decoded(t, networkingv1.Ingress{
				ObjectMeta: manyMeta(i),
				Spec:       networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{Host: fixture.BenchName(i)}}},
				Status:     networkingv1.IngressStatus{LoadBalancer: networkingv1.IngressLoadBalancerStatus{Ingress: []networkingv1.IngressLoadBalancerIngress{{IP: "192.0.2.1"}}}},
			})
		}},
		{"Service", 600, func(i int) kube.Object {
			return decoded(t, corev1.Service{
				ObjectMeta: manyMeta(i),
				Spec:       corev1.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer, Ports: []corev1.ServicePort{{Port: 80}}},
				Status:     corev1.ServiceStatus{LoadBalancer: corev1.LoadBalancerStatus{Ingress: []corev1.LoadBalancerIngress{{IP: "192.0.2.1"}}}},
			})
		}},
		{"HTTPRoute", 600, func(i int) kube.Object {
			route := gatewayv1.HTTPRoute{ObjectMeta: manyMeta(i), Spec: gatewayv1.HTTPRouteSpec{
				Hostnames:       []gatewayv1.Hostname{gatewayv1.Hostname(fixture.BenchName(i))},
				CommonRouteSpec: gatewayv1.CommonRouteSpec{ParentRefs: []gatewayv1.ParentReference{{Name: "gw"}}}}}
			route.Namespace = "default"
			return decoded(t, route)
		}},
	} {
		f := fixture.New(t, "resources "+tc.kind, "")
		if tc.kind == "HTTPRoute" {
			f.Apply(fixture.AGateway("gw", "192.0.2.1"))
		}
		before := measure.LiveHeap()
		for i := range n {
			f.Feed(cache.Updated, tc.object(i))
		}
		got := int(measure.LiveHeap()-before) / n
		t.Logf("%s: %d bytes", tc.kind, got)
		if got > tc.budget {
			t.Errorf("%s: %d bytes of heap for each, want at most %d", tc.kind, got, tc.budget)
		}
		runtime.KeepAlive(f)
	}
}

// manyMeta is metadata with what objects in a cluster have besides their names.
func manyMeta(i int) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Namespace: fmt.Sprint("ns", i%100), Name: fmt.Sprint("host", i), UID: "0f3c9a5e-0000-0000-0000-000000000000", ResourceVersion: fmt.Sprint(i),
		Labels: map[string]string{"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": fmt.Sprint("host", i)},
		Annotations: map[string]string{
			"kubectl.kubernetes.io/last-applied-configuration": fmt.Sprintf("{%2000d}", i), "cert-manager.io/cluster-issuer": "letsencrypt",
		},
	}
}

// decoded returns an object as it comes off the wire: its strings are its own.
func decoded[T any](t testing.TB, obj T) *T {
	t.Helper()
	data, err := json.Marshal(obj)
	if err != nil {
		t.Fatal(err)
	}
	fresh := new(T)
	if err := json.Unmarshal(data, fresh); err != nil {
		t.Fatal(err)
	}
	return fresh
}
