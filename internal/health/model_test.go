package health

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	discoveryv1 "k8s.io/api/discovery/v1"

	corev1 "k8s.io/api/core/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// model is a cluster as a plain list of objects, and T2 as it is written.
type model struct {
	services map[string]*corev1.Service
	slices   map[string]*discoveryv1.EndpointSlice
	listed   bool
}

func (m *model) ready(backends []string) bool {
	return !m.listed || slices.ContainsFunc(backends, func(name string) bool {
		svc := m.services[name]
		if svc == nil {
			return false
		}
		slices, ready := 0, 0
		for _, s := range m.slices {
			if s.Labels[discoveryv1.LabelServiceName] != name {
				continue
			}
			slices++
			for _, ep := range s.Endpoints {
				if ep.Conditions.Ready == nil || *ep.Conditions.Ready {
					ready++
				}
			}
		}
		judged := svc.Spec.Type != corev1.ServiceTypeExternalName && (len(svc.Spec.Selector) > 0 || slices > 0)
		return ready > 0 || !judged
	})
}

// reference is what a record holds of its backends.
type reference struct {
	backends []string
	steering *record.Steering
}

// T2: after any changes in any order, with watch events and lists, each record that refers to backends says what the objects say.
func TestAgainstModel(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { compareWithModel(t, rand.New(rand.NewPCG(seed, 0))) })
	}
}

func compareWithModel(t *testing.T, r *rand.Rand) {
	const names = 6
	f := newFixture(t)
	m := &model{services: map[string]*corev1.Service{}, slices: map[string]*discoveryv1.EndpointSlice{}}
	var refs []reference
	name := func() string { return fmt.Sprint("svc", r.IntN(names)) }
	newService := func(name string) *corev1.Service {
		return []func(string) *corev1.Service{selecting, selecting, selectorless, external}[r.IntN(4)](name)
	}
	newSlice := func(name, service string) *discoveryv1.EndpointSlice {
		var conditions []string
		for range r.IntN(3) {
			conditions = append(conditions, []string{"ready", "unready", "unready", "unknown"}[r.IntN(4)])
		}
		return endpoints(name, service, conditions...)
	}
	relist := func(services, slices bool) {
		if services {
			f.list(f.services, shuffled(r, m.services)...)
		}
		if slices {
			f.list(f.slices, shuffled(r, m.slices)...)
		}
	}
	changeModel := func(send bool) {
		switch svc, slice := name(), fmt.Sprint("slice", r.IntN(2*names)); r.IntN(5) {
		case 0:
			delete(m.services, svc)
			if send {
				f.delete(f.services, svc)
			}
		case 1:
			m.services[svc] = newService(svc)
			if send {
				f.put(m.services[svc])
			}
		case 2:
			delete(m.slices, slice)
			if send {
				f.delete(f.slices, slice)
			}
		default:
			m.slices[slice] = newSlice(slice, svc)
			if send {
				f.put(m.slices[slice])
			}
		}
	}
	for step := range 200 {
		switch r.IntN(12) {
		case 0:
			for range r.IntN(8) { // while the watch was away
				changeModel(false)
			}
			relist(true, true)
			m.listed = true
		case 1, 2, 3:
			var backends []string
			for range 1 + r.IntN(3) {
				backends = append(backends, name())
			}
			refs = append(refs, reference{backends, f.Of(keys(backends...)...)})
		case 4:
			if n := len(refs); n > 0 {
				refs = slices.Delete(refs, n/2, n)
			}
		case 5:
			if step%40 == 0 {
				runtime.GC()
			}
		default:
			changeModel(true)
		}
		for _, ref := range refs {
			if got, want := ref.steering.Readiness.Ready(), m.ready(ref.backends); got != want {
				t.Fatalf("step %d: backends %v: ready is %t, want %t", step, ref.backends, got, want)
			}
			if f.Of(keys(ref.backends...)...) != ref.steering {
				t.Fatalf("step %d: backends %v have two values for their readiness", step, ref.backends)
			}
		}
		if got, want := f.services.Objects.Load(), int64(len(m.services)); m.listed && got != want {
			t.Fatalf("step %d: %d Services are counted, want %d", step, got, want)
		}
		if got, want := f.slices.Objects.Load(), int64(len(m.slices)); m.listed && got != want {
			t.Fatalf("step %d: %d EndpointSlices are counted, want %d", step, got, want)
		}
	}
}

func shuffled[T any](r *rand.Rand, objects map[string]T) (list []any) {
	for _, obj := range objects {
		list = append(list, obj)
	}
	r.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
	return list
}
