package health

import (
	"encoding/json"
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"

	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// fixture is the join of a cluster whose API server is the test.
type fixture struct {
	testing.TB
	*Join
	services, slices *kube.Informer
}

func newFixture(t testing.TB) *fixture {
	j := New(nil)
	return &fixture{t, j, j.Informers[0], j.Informers[1]}
}

// listed is a fixture of a cluster that has been listed, with some objects.
func listed(t testing.TB, services, slices []any) *fixture {
	f := newFixture(t)
	f.list(f.services, services...)
	f.list(f.slices, slices...)
	return f
}

// arrival returns an object as the informer reads it off the wire: an API object, or text in JSON.
func (f *fixture) arrival(i *kube.Informer, obj any) any {
	f.Helper()
	text, ok := obj.(string)
	if !ok {
		data, err := json.Marshal(obj)
		if err != nil {
			f.Fatal(err)
		}
		text = string(data)
	}
	a, err := i.Reader.ReadJSON(func(into any) error { return json.Unmarshal([]byte(text), into) })
	if err != nil {
		f.Fatal(err)
	}
	return a
}

func (f *fixture) list(i *kube.Informer, objects ...any) {
	f.Helper()
	var list []any
	for _, obj := range objects {
		list = append(list, f.arrival(i, obj))
	}
	i.Storer.Replace(f.Context(), list)
}

// put sends an object in a watch event.
func (f *fixture) put(obj any) {
	f.Helper()
	i := f.services
	if _, ok := obj.(*discoveryv1.EndpointSlice); ok {
		i = f.slices
	}
	i.Storer.Process(cache.Updated, f.arrival(i, obj))
}

// putText sends an object that cannot be decoded.
func (f *fixture) putText(i *kube.Informer, text string) {
	f.Helper()
	i.Storer.Process(cache.Updated, f.arrival(i, text))
}

func (f *fixture) delete(i *kube.Informer, name string) {
	f.Helper()
	i.Storer.Process(cache.Deleted, cache.DeletedFinalStateUnknown{Key: "default/" + name})
}

// ready reports whether an object with some backends is ready.
func (f *fixture) ready(backends ...string) bool {
	f.Helper()
	s := f.Of(keys(backends...)...)
	return s == nil || s.Readiness.Ready()
}

func (f *fixture) want(ready bool, backends ...string) {
	f.Helper()
	if f.ready(backends...) != ready {
		f.Errorf("backends %v: ready is %t, want %t", backends, !ready, ready)
	}
}

func keys(names ...string) (list []store.Key) {
	for _, name := range names {
		list = append(list, store.Key{Namespace: "default", Name: name})
	}
	return list
}

// newService returns a Service with a selector.
func selecting(name string) *corev1.Service {
	svc := selectorless(name)
	svc.Spec.Selector = map[string]string{"app": name}
	return svc
}

func selectorless(name string) *corev1.Service {
	return &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: name}}
}

func external(name string) *corev1.Service {
	svc := selecting(name)
	svc.Spec.Type, svc.Spec.ExternalName = corev1.ServiceTypeExternalName, "example.org"
	return svc
}

// endpoints returns an EndpointSlice of a Service, each of whose endpoints is "ready", "unready" or "unknown".
func endpoints(name, service string, conditions ...string) *discoveryv1.EndpointSlice {
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta:  metav1.ObjectMeta{Namespace: "default", Name: name, Labels: map[string]string{discoveryv1.LabelServiceName: service}},
		AddressType: discoveryv1.AddressTypeIPv4,
	}
	for i, condition := range conditions {
		ep := discoveryv1.Endpoint{Addresses: []string{fmt.Sprintf("10.0.0.%d", i+1)}}
		if condition != "unknown" {
			ready := condition == "ready"
			ep.Conditions.Ready = &ready
		}
		slice.Endpoints = append(slice.Endpoints, ep)
	}
	return slice
}

// observed is a sliceStore that fails the test if a Service is not ready after a step.
type observed struct {
	sliceStore
	t     testing.TB
	ready func() bool
}

func (o *observed) Put(id uint64, said *sliceFacts) int {
	more := o.sliceStore.Put(id, said)
	if !o.ready() {
		o.t.Error("the Service was not ready while a list was stored")
	}
	return more
}

func kubeInformer(k kube.CompactStore[sliceFacts]) *kube.Informer {
	return kube.NewCompactInformer("backend", "backend EndpointSlices", kube.EndpointSlices, k, readSlice)
}
