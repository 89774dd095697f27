package kube

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// said is what a test keeps of a Service: its cluster IP.
type said struct {
	record.Meta
	text string
}

// keeper is a CompactStore that writes down what it is told. IDs are the numbers at the end of names.
type keeper struct {
	kept map[uint64]string
	log  []string
}

func (k *keeper) ID(key store.Key) (id uint64) {
	fmt.Sscanf(key.Name, "svc%d", &id)
	return id
}

func (k *keeper) Put(id uint64, s *said) int {
	before := len(k.kept)
	switch {
	case s == nil:
		delete(k.kept, id)
		k.log = append(k.log, fmt.Sprintf("-%d", id))
	default:
		text := s.text
		if s.Skipped != nil {
			text = "undecodable"
		}
		k.kept[id] = text
		k.log = append(k.log, fmt.Sprintf("%d=%s", id, text))
	}
	return len(k.kept) - before
}

// WouldRemove has what says "less" wait for the rest of a list.
func (k *keeper) WouldRemove(_ uint64, s *said) bool { return s == nil || s.text == "less" }

func (k *keeper) IDs() []uint64 { return slices.Collect(maps.Keys(k.kept)) }

func (k *keeper) SetListed(listed bool) { k.log = append(k.log, fmt.Sprint("complete ", listed)) }

// take returns what the keeper was told since the last call.
func (k *keeper) take() string {
	defer func() { k.log = nil }()
	return strings.Join(k.log, " ")
}

func newKeeper() (*keeper, *Informer) {
	k := &keeper{kept: map[uint64]string{}}
	return k, NewCompactInformer("test", "test Services", Services, k, func(svc *corev1.Service) (*said, *record.Unserved) {
		if svc.Spec.ClusterIP == "" {
			return nil, nil
		}
		return &said{Meta: MetaOf(svc), text: svc.Spec.ClusterIP}, nil
	})
}

// arrivals returns Services as they come off the wire, each written as its number and its cluster IP.
func arrivals(t *testing.T, i *Informer, services ...string) (list []any) {
	for _, s := range services {
		number, text, _ := strings.Cut(s, "=")
		object := fmt.Sprintf(`{"metadata": {"namespace": "default", "name": "svc%s"}, "spec": {"clusterIP": %q}}`, number, text)
		if text == "undecodable" {
			object = fmt.Sprintf(`{"metadata": {"namespace": "default", "name": "svc%s"}, "spec": 1}`, number)
		}
		a, err := i.Reader.ReadJSON(func(into any) error { return json.Unmarshal([]byte(object), into) })
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, a)
	}
	return list
}

// A list is kept in steps: what it adds, what it takes from objects, and the objects that it does not have. Only then is it complete (R7).
func TestKeeperStorer(t *testing.T) {
	k, i := newKeeper()
	want := func(objects int64, log string) {
		t.Helper()
		if got := k.take(); got != log {
			t.Errorf("the keeper was told %q, want %q", got, log)
		}
		if got := i.Objects.Load(); got != objects {
			t.Errorf("%d objects are counted, want %d", got, objects)
		}
	}
	i.Storer.Replace(t.Context(), arrivals(t, i, "1=less", "2=more", "3=", "4=undecodable"))
	want(3, "2=more 4=undecodable 1=less -3 complete true")
	i.Storer.Process(cache.Updated, arrivals(t, i, "1=other")[0])
	i.Storer.Process(cache.Added, arrivals(t, i, "5=new")[0])
	want(4, "1=other 5=new")
	i.Storer.Process(cache.Updated, arrivals(t, i, "5=")[0])
	i.Storer.Process(cache.Deleted, arrivals(t, i, "4=undecodable")[0])
	i.Storer.Process(cache.Deleted, cache.DeletedFinalStateUnknown{Key: "default/svc4"})
	want(2, "-5 -4 -4")
	i.Storer.Replace(t.Context(), arrivals(t, i, "2=less", "7=more"))
	want(2, "7=more 2=less -1 complete true")
	i.Storer.Replace(t.Context(), nil)
	log := strings.Fields(k.take())
	slices.Sort(log[:2])
	if got := strings.Join(log, " "); got != "-2 -7 complete true" {
		t.Errorf("after an empty list the keeper was told %q", got)
	}
	i.Storer.Process(cache.Added, arrivals(t, i, "8=more")[0])
	k.take()
	i.Storer.drop()
	want(0, "complete false -8")
}

// A list whose storing is cut short takes nothing away, and completes nothing.
func TestKeeperStorerStopped(t *testing.T) {
	k, i := newKeeper()
	i.Storer.Replace(t.Context(), arrivals(t, i, "1=more", "2=more"))
	k.take()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	i.Storer.Replace(ctx, arrivals(t, i, "3=more"))
	if got := k.take(); got != "" || i.Objects.Load() != 2 {
		t.Errorf("the keeper was told %q, and %d objects are counted", got, i.Objects.Load())
	}
}

// A list over protobuf, and a watch event, reach the keeper as they do a store.
func TestKeeperProtobuf(t *testing.T) {
	k, i := newKeeper()
	svc := corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "svc1"}, Spec: corev1.ServiceSpec{ClusterIP: "more"}}
	data, err := svc.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	read := i.Reader.ListReader()
	for range 2 {
		a, err := read(data)
		if err != nil {
			t.Fatal(err)
		}
		i.Storer.Replace(t.Context(), []any{a})
	}
	if got := k.take(); got != "1=more complete true 1=more complete true" {
		t.Errorf("the keeper was told %q", got)
	}
}
