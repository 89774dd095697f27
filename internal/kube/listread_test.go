package kube_test

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/miekg/dns"

	corev1 "k8s.io/api/core/v1"

	networkingv1 "k8s.io/api/networking/v1"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	metainternalversion "k8s.io/apimachinery/pkg/apis/meta/internalversion"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// ingressList is a list of n Ingresses as an API server sends it, with the metadata that people's have.
func ingressList(t testing.TB, mediaType string, n int) (sent []byte, list *networkingv1.IngressList) {
	t.Helper()
	list = &networkingv1.IngressList{ListMeta: metav1.ListMeta{ResourceVersion: "7", Continue: "more"}}
	for i := range n {
		path := networkingv1.HTTPIngressRuleValue{Paths: []networkingv1.HTTPIngressPath{{Path: strings.Repeat("/long", 20)}}}
		list.Items = append(list.Items, networkingv1.Ingress{
			ObjectMeta: metav1.ObjectMeta{
				Namespace: "default", Name: fmt.Sprint("web", i), ResourceVersion: "5", Labels: map[string]string{"app": "web"},
				Annotations: map[string]string{
					corev1.LastAppliedConfigAnnotation: strings.Repeat("copy ", 200),
					"coredns.io/hostname":              fixture.BenchName(i),
				},
				ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "kubectl", FieldsV1: metav1.NewFieldsV1(`{"f:spec":"` + strings.Repeat("field", 200) + `"}`)}},
			},
			Spec: networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{
				Host: fixture.BenchName(i), IngressRuleValue: networkingv1.IngressRuleValue{HTTP: &path}}}},
			Status: networkingv1.IngressStatus{LoadBalancer: networkingv1.IngressLoadBalancerStatus{
				Ingress: []networkingv1.IngressLoadBalancerIngress{{IP: "192.0.2.1"}}}},
		})
	}
	codecs := fixture.TestCodecs()
	info, ok := runtime.SerializerInfoForMediaType(codecs.SupportedMediaTypes(), mediaType)
	if !ok {
		t.Fatal("no", mediaType)
	}
	sent, err := runtime.Encode(codecs.EncoderForVersion(info.Serializer, networkingv1.SchemeGroupVersion), list)
	if err != nil {
		t.Fatal(err)
	}
	return sent, list
}

// ingressReader reads Ingresses as they are sent.
type ingressReader struct{ items []networkingv1.Ingress }

func (r *ingressReader) ReadJSON(decode func(into any) error) (runtime.Object, error) {
	var ing networkingv1.Ingress
	if err := decode(&ing); err != nil {
		return nil, err
	}
	r.items = append(r.items, ing)
	return &ing, nil
}

func (r *ingressReader) ReadProtobuf(data []byte) (runtime.Object, error) {
	var trimmed kube.TrimmedObject
	if err := trimmed.Trim(data); err != nil {
		return nil, err
	}
	var ing networkingv1.Ingress
	if err := ing.Unmarshal(trimmed.Object); err != nil {
		return nil, err
	}
	r.items = append(r.items, ing)
	return &ing, nil
}

func (r *ingressReader) ListReader() func([]byte) (runtime.Object, error) { return r.ReadProtobuf }

// readIngresses reads a list, and returns its items as they are decoded.
func readIngresses(t testing.TB, in io.Reader) (list runtime.Object, items []networkingv1.Ingress, err error) {
	t.Helper()
	var r ingressReader
	list, err = kube.ReadList(in, &r, func(err error) { t.Error(err) })
	return list, r.items, err
}

// R4: what is read off a list is what was sent, but for what nobody reads.
func TestReadList(t *testing.T) {
	sent, want := ingressList(t, runtime.ContentTypeProtobuf, 100)
	got, items, err := readIngresses(t, little{bytes.NewReader(sent)})
	if err != nil {
		t.Fatal(err)
	}
	for i := range want.Items {
		want.Items[i].ManagedFields = nil
		delete(want.Items[i].Annotations, corev1.LastAppliedConfigAnnotation)
	}
	if !reflect.DeepEqual(items, want.Items) {
		t.Errorf("items differ: %v", items[0])
	}
	list := got.(*metainternalversion.List)
	if len(list.Items) != 100 || list.ListMeta != want.ListMeta {
		t.Errorf("%d items of a list with %+v", len(list.Items), list.ListMeta)
	}
}

// little gives little at a time, so that whatever is read in one go must be put together.
type little struct{ io.Reader }

func (r little) Read(p []byte) (int, error) { return r.Reader.Read(p[:min(len(p), 7)]) }

// An empty list is one as well.
func TestReadListEmpty(t *testing.T) {
	sent, _ := ingressList(t, runtime.ContentTypeProtobuf, 0)
	list, items, err := readIngresses(t, bytes.NewReader(sent))
	if err != nil || len(items) > 0 || list.(*metainternalversion.List).ResourceVersion != "7" {
		t.Errorf("%v, %v, %v", list, items, err)
	}
}

// A list that breaks off, wherever that is, is none: what did not come would count as deleted.
func TestReadListCut(t *testing.T) {
	sent, _ := ingressList(t, runtime.ContentTypeProtobuf, 3)
	for n := range sent {
		if list, _, err := readIngresses(t, bytes.NewReader(sent[:n])); err == nil && !endsWhole(sent, n) {
			t.Fatalf("cut after %d of %d bytes: %v", n, len(sent), list)
		}
	}
}

// endsWhole reports whether only the empty fields that the envelope ends with are missing.
func endsWhole(sent []byte, n int) bool {
	return len(sent)-n <= 4 && bytes.Count(sent[n:], []byte{0}) > 0
}

// A list of a built-in kind is read over JSON as well.
func TestReadListJSON(t *testing.T) {
	sent, want := ingressList(t, runtime.ContentTypeJSON, 3)
	list, items, err := readIngresses(t, bytes.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	if got := list.(*metainternalversion.List); got.ResourceVersion != "7" || !reflect.DeepEqual(items, want.Items) {
		t.Errorf("%v", got)
	}
}

// R2: an error that is sent as if it were none is the error that it says, whichever way it is read.
func TestReadListStatus(t *testing.T) {
	body := `{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Expired", "code": 410}`
	obj, err := kube.ReadList(strings.NewReader(body), &ingressReader{}, nil)
	if !apierrors.IsResourceExpired(err) || obj != nil {
		t.Errorf("got %v, %v, want the error", obj, err)
	}
}

// FuzzReadList: whatever comes is read or refused, and what is read was whole.
func FuzzReadList(f *testing.F) {
	sent, _ := ingressList(f, runtime.ContentTypeProtobuf, 2)
	f.Add(sent)
	f.Add([]byte(kube.ProtobufPrefix))
	f.Fuzz(func(t *testing.T, sent []byte) {
		if list, items, err := readIngresses(t, bytes.NewReader(sent)); err == nil {
			if l, ok := list.(*metainternalversion.List); ok && len(l.Items) != len(items) {
				t.Errorf("%d items of %d", len(l.Items), len(items))
			}
		}
	})
}

// BenchmarkReadList reads a list for the first time and again, and decodes it as client-go would.
func BenchmarkReadList(b *testing.B) {
	sent, _ := ingressList(b, runtime.ContentTypeProtobuf, 1_000)
	i := fixture.New(b, "resources Ingress").Informers()[0]
	for _, again := range []bool{false, true} {
		b.Run(fmt.Sprintf("how=read/again=%t", again), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				list, err := kube.ReadList(bytes.NewReader(sent), i.Reader, i.Damaged)
				if err != nil {
					b.Fatal(err)
				}
				if again && i.Objects.Load() == 0 {
					for _, obj := range list.(*metainternalversion.List).Items {
						i.Storer.Process(cache.Replaced, obj)
					}
				}
			}
		})
	}
	b.Run("how=decoded", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := runtime.Decode(fixture.TestCodecs().UniversalDeserializer(), sent); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// listOf reads a list of one Ingress, of a host and an address, and takes it for what there is.
func listOf(t *testing.T, f *fixture.Stanza, addr string) *kube.Arrival[record.Record] {
	t.Helper()
	i := f.Informers()[0]
	item, err := (&networkingv1.Ingress{
		ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: fixture.ObjectName("www.example.com")},
		Spec:       networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{Host: "www.example.com"}}},
		Status: networkingv1.IngressStatus{LoadBalancer: networkingv1.IngressLoadBalancerStatus{
			Ingress: []networkingv1.IngressLoadBalancerIngress{{IP: addr}}}},
	}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	obj, err := i.Reader.ListReader()(item)
	if err != nil {
		t.Fatal(err)
	}
	i.Storer.Process(cache.Replaced, obj)
	return obj.(*kube.Arrival[record.Record])
}

// R4: an object that is listed again as it was is not made anew, and one that is not counts, also where the API server
// goes back to what it had before: a storage may be put back.
func TestListedAgain(t *testing.T) {
	f := fixture.New(t, "resources Ingress")
	const owner = "www.example.com."
	first := listOf(t, f, "192.0.2.1")
	f.Ask(fixture.A(owner, "192.0.2.1"))
	if again := listOf(t, f, "192.0.2.1"); again.Rec != first.Rec || again.Key().String() != first.Key().String() {
		t.Error("made anew")
	}
	f.Ask(fixture.A(owner, "192.0.2.1"))

	listOf(t, f, "192.0.2.2")
	f.Ask(fixture.A(owner, "192.0.2.2"))
	listOf(t, f, "192.0.2.1")
	f.Ask(fixture.A(owner, "192.0.2.1"))

	f.Apply(fixture.AnIngress("www.example.com", "192.0.2.3")) // by the watch
	f.Ask(fixture.A(owner, "192.0.2.3"))
	listOf(t, f, "192.0.2.1")
	f.Ask(fixture.A(owner, "192.0.2.1"))

	f.Informers()[0].Storer.Process(cache.Deleted, first)
	f.Ask(fixture.NXDomain(owner, dns.TypeA))
	listOf(t, f, "192.0.2.1")
	f.Ask(fixture.A(owner, "192.0.2.1"))
}
