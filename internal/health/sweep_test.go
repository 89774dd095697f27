package health

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// A tenant may name ever new backends. What no record refers to any more is forgotten.
func TestForgotten(t *testing.T) {
	f := listed(t, nil, nil)
	const n = 20_000
	for i := range n {
		f.Of(keys(fmt.Sprint("svc", i))...)
		f.Of(keys(fmt.Sprint("svc", i), "shared")...)
		if i%100 == 0 {
			runtime.GC()
		}
	}
	s := f.scopes[""]
	if services, groups, shared := len(s.missing.entries), len(f.groups.entries), len(f.groups.byMember[f.id(keys("shared")[0])]); services > n/10 || groups > n/10 || shared > n/10 {
		t.Errorf("%d Services, %d groups, and %d groups of one Service are left of %d", services, groups, shared, n)
	}
	held := f.Of(keys("held", "shared")...)
	for range 3 {
		runtime.GC()
	}
	f.put(selectorless("held"))
	if !held.Readiness.Ready() {
		t.Error("a record that is held does not follow its backend")
	}
}

// Objects are read while Services change, and questions are asked. The race detector watches.
func TestConcurrently(t *testing.T) {
	f := listed(t, []any{selecting("web")}, nil)
	var running sync.WaitGroup
	asked := make([]*record.Steering, 4)
	for i := range asked {
		asked[i] = f.Of(keys("web", fmt.Sprint("svc", i))...)
		running.Go(func() {
			for n := range 200 {
				_ = asked[i].Readiness.Ready()
				f.Of(keys("web", fmt.Sprint("other", n))...)
			}
		})
	}
	running.Go(func() {
		for i := range 200 {
			f.put(endpoints("a", "web", []string{"ready", "unready"}[i%2]))
		}
	})
	for range 50 {
		f.put(selectorless("svc1"))
		f.delete(f.services, "svc1")
	}
	running.Wait()
	f.want(false, "web")
}

// N7: a list that is complete has all Services judged in pieces, and other changes come between. Each is judged in the end.
func TestCompleteInPieces(t *testing.T) {
	const n = 4 * judgedAtOnce
	f := newFixture(t)
	var refs []*record.Steering
	for i := range n {
		refs = append(refs, f.Of(keys(fmt.Sprint("svc", i))...))
	}
	f.list(f.services)
	var running sync.WaitGroup
	running.Go(func() {
		for i := 0; i < n; i += 16 {
			f.put(selectorless(fmt.Sprint("svc", i)))
		}
	})
	f.list(f.slices)
	running.Wait()
	for i, ref := range refs {
		if ready := i%16 == 0; ref.Readiness.Ready() != ready {
			t.Errorf("svc%d: ready is %t, want %t", i, !ready, ready)
		}
	}
}
