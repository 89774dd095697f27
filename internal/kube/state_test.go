package kube

import "testing"

// A kind in several namespaces has the state of the worst informer, and the problem of that informer.
func TestStateWith(t *testing.T) {
	forbidden := State{State: ForbiddenState, Problem: "no permission", Objects: 1, Watches: 1}
	stale := State{State: Stale, Problem: "refused", Objects: 2, Watches: 1}
	want := State{State: Stale, Problem: "refused", Objects: 3, Watches: 2}
	for _, got := range []State{forbidden.With(stale), stale.With(forbidden)} {
		if got != want {
			t.Errorf("state %+v, want %+v", got, want)
		}
	}
	if got := (State{}).With(forbidden); got != forbidden {
		t.Errorf("state %+v, want %+v", got, forbidden)
	}
	if other := (State{State: Stale, Problem: "other"}); stale.With(other).Problem != "refused" {
		t.Errorf("of two that are equally bad, the problem is not that of the first: %+v", stale.With(other))
	}
}
