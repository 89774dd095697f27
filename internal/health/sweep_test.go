package health

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

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
	services := f.scopes[""].referenced.size()
	f.mu.Lock()
	groups, memberships := len(f.groups.entries), len(f.groups.byMember)
	f.mu.Unlock()
	if services > n/10 || groups > n/10 || memberships > n/10 {
		t.Errorf("%d Services, %d groups, and the groups of %d Services are left of %d", services, groups, memberships, n)
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

// N7: one object has ever new backends, beside objects with groups of their own. What it had before is forgotten, and no more than
// its newest groups are left, whatever else there is.
func TestGroupsForgotten(t *testing.T) {
	f := listed(t, nil, nil)
	const live, updates, backends = 500, 100, 200
	var held []*record.Steering
	for i := range live {
		held = append(held, f.Of(keys(fmt.Sprint("a", i), fmt.Sprint("b", i))...))
	}
	for i := range updates {
		names := []string{"a0"}
		for n := range backends {
			names = append(names, fmt.Sprintf("%d-%d", i, n))
		}
		f.Of(keys(names...)...)
	}
	left := func() (groups, members, shared int) {
		f.mu.Lock()
		defer f.mu.Unlock()
		return len(f.groups.entries), len(f.groups.byMember), len(f.groups.byMember[f.id(keys("a0")[0])].groups)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) { // the runtime removes them after a collection
		runtime.GC()
		groups, members, shared := left()
		if groups == live && members == 2*live && shared <= 2 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d groups and the groups of %d Services are left, %d of one Service, want %d, %d and at most 2", groups, members, shared, live, 2*live)
		}
	}
	f.put(selectorless("a0"))
	if !held[0].Readiness.Ready() || held[1].Readiness.Ready() {
		t.Error("a record that is held does not follow its backends")
	}
	again := f.Of(keys("a0", "0-0", "0-1")...)
	f.delete(f.services, "a0")
	if again.Readiness.Ready() {
		t.Error("a group that came again does not follow its backends")
	}
	runtime.KeepAlive(held)
}

// N7: of a name with very many backends it is not known which are ready, and the join remembers none of them. The same backend many
// times is one.
func TestManyBackends(t *testing.T) {
	f := listed(t, nil, nil)
	var names []string
	for i := range maxMembers {
		names = append(names, fmt.Sprint("svc", i))
	}
	if s := f.Of(keys(append(names, names...)...)...); s == nil || s.Readiness.Ready() {
		t.Errorf("%d backends that are not there are not known to be unready", maxMembers)
	}
	before := f.scopes[""].referenced.size()
	more := []string{"one", "more"}
	for i := range 5000 {
		more = append(more, fmt.Sprint("more", i))
	}
	if f.Of(keys(more...)...) != nil {
		t.Errorf("%d backends have a readiness", len(more))
	}
	if after := f.scopes[""].referenced.size(); after != before {
		t.Errorf("%d of them are remembered", after-before)
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
	const n = 4 * lockedUpdates
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
