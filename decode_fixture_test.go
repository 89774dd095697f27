package gateway

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"

	discoveryv1 "k8s.io/api/discovery/v1"

	networkingv1 "k8s.io/api/networking/v1"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/tools/cache"

	dnsendpointv1alpha1 "sigs.k8s.io/external-dns/apis/v1alpha1"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	kjson "sigs.k8s.io/json"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// testCodecs knows the types of all kinds, in all their versions.
var testCodecs = sync.OnceValue(func() serializer.CodecFactory {
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, corev1.SchemeGroupVersion)
	for _, add := range []func(*runtime.Scheme) error{
		corev1.AddToScheme, discoveryv1.AddToScheme, networkingv1.AddToScheme, gatewayv1.Install, dnsendpointv1alpha1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			panic(err)
		}
	}
	for _, version := range []string{"v1alpha2", "v1alpha3"} {
		old := schema.GroupVersion{Group: gatewayv1.GroupName, Version: version}
		metav1.AddToGroupVersion(scheme, old)
		scheme.AddKnownTypes(old, &gatewayv1.TLSRoute{}, &gatewayv1.TLSRouteList{}, &gatewayv1.TCPRoute{},
			&gatewayv1.TCPRouteList{}, &gatewayv1.UDPRoute{}, &gatewayv1.UDPRouteList{})
	}
	return serializer.NewCodecFactory(scheme)
})

// decodeObject returns the object of one document of a manifest.
func decodeObject(document string) (kube.Object, error) {
	decoded, _, err := testCodecs().UniversalDeserializer().Decode([]byte(document), nil, nil)
	if err != nil {
		return nil, err
	}
	if ns, ok := decoded.(*corev1.Namespace); ok { // whose metadata is all that is watched
		decoded = &metav1.PartialObjectMetadata{ObjectMeta: ns.ObjectMeta}
	}
	obj, ok := decoded.(kube.Object)
	if !ok {
		return nil, fmt.Errorf("%T is no object", decoded)
	}
	return obj, nil
}

// decode returns the objects of a manifest.
func decode(t testing.TB, manifest string) []kube.Object {
	t.Helper()
	var list []kube.Object
	for doc := range strings.SplitSeq(manifest, "\n---") {
		if strings.TrimSpace(doc) == "" {
			continue
		}
		obj, err := decodeObject(doc)
		if err != nil {
			t.Fatalf("%v in %s", err, doc)
		}
		list = append(list, obj)
	}
	return list
}

// reads reports whether an informer reads objects of an object's type.
func reads(i *kube.Informer, obj kube.Object) bool {
	plural := strings.ToLower(reflect.TypeOf(obj).Elem().Name())
	switch {
	case plural == "partialobjectmetadata":
		plural = "namespaces"
	case strings.HasSuffix(plural, "s"):
		plural += "es"
	default:
		plural += "s"
	}
	return i.Resource.Plural == plural
}

// receive has an informer read an object as an API server sends it.
func receive(t testing.TB, i *kube.Informer, obj kube.Object) any {
	t.Helper()
	var arrived any
	var err error
	if m, ok := obj.(interface{ Marshal() ([]byte, error) }); ok && i.Resource.Builtin {
		sent, failed := m.Marshal()
		if failed != nil {
			t.Fatal(failed)
		}
		arrived, err = i.Reader.ReadProtobuf(sent)
	} else {
		sent, failed := json.Marshal(obj)
		if failed != nil {
			t.Fatal(failed)
		}
		arrived, err = i.Reader.ReadJSON(func(into any) error { return kjson.UnmarshalCaseSensitivePreserveInts(sent, into) })
	}
	if err != nil {
		t.Fatal(err)
	}
	return arrived
}

// send has an informer receive a change of an object.
func send(t testing.TB, i *kube.Informer, change cache.DeltaType, obj kube.Object) {
	t.Helper()
	i.Storer.Process(change, receive(t, i, obj))
}

// relist has an informer receive a list, in the place of all that it has.
func relist(t testing.TB, i *kube.Informer, objs ...kube.Object) {
	t.Helper()
	list := []any{}
	for _, obj := range objs {
		list = append(list, receive(t, i, obj))
	}
	i.Storer.Replace(t.Context(), list)
}

// informerOf returns the informer of a kind.
func (f *fixture) informerOf(kind string) *kube.Informer {
	f.t.Helper()
	n := slices.IndexFunc(f.informers(), func(i *kube.Informer) bool { return i.Kind == kind })
	if n < 0 {
		f.t.Fatalf("nothing watches a %s", kind)
	}
	return f.informers()[n]
}
