package health

import (
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// T2: what is known of one Service, and what cannot be known.
func TestService(t *testing.T) {
	for _, tc := range []struct {
		what             string
		services, slices []any
		ready            bool
	}{
		{"a Service that is not there", nil, nil, false},
		{"slices without their Service", nil, []any{endpoints("a", "web", "ready")}, false},
		{"a ready endpoint", []any{selecting("web")}, []any{endpoints("a", "web", "unready", "ready")}, true},
		{"an endpoint without a condition", []any{selecting("web")}, []any{endpoints("a", "web", "unknown")}, true},
		{"no ready endpoint", []any{selecting("web")}, []any{endpoints("a", "web", "unready", "unready")}, false},
		{"no endpoint", []any{selecting("web")}, []any{endpoints("a", "web")}, false},
		{"no slice", []any{selecting("web")}, nil, false},
		{"a ready endpoint in another slice", []any{selecting("web")}, []any{endpoints("a", "web", "unready"), endpoints("b", "web", "ready")}, true},
		{"a slice of another Service", []any{selecting("web")}, []any{endpoints("a", "other", "ready")}, false},
		{"neither selector nor slices", []any{selectorless("web")}, nil, true},
		{"slices without a selector, ready", []any{selectorless("web")}, []any{endpoints("a", "web", "ready")}, true},
		{"slices without a selector, unready", []any{selectorless("web")}, []any{endpoints("a", "web", "unready")}, false},
		{"ExternalName", []any{external("web")}, nil, true},
		{"a slice that no Service is named in", []any{selecting("web")}, []any{endpoints("a", "", "ready")}, false},
		{"a Service that cannot be decoded", []any{`{"metadata": {"namespace": "default", "name": "web"}, "spec": 1}`}, nil, true},
		{"a slice that cannot be decoded", []any{selecting("web")}, []any{`{"metadata": {"namespace": "default", "name": "a"}, "endpoints": 1}`}, false},
	} {
		t.Run(tc.what, func(t *testing.T) {
			f := listed(t, tc.services, tc.slices)
			f.want(tc.ready, "web")

			f = newFixture(t) // referred to before anything is known
			held := f.Of(keys("web")...)
			f.list(f.slices, tc.slices...)
			f.want(true, "web")
			f.list(f.services, tc.services...)
			if held.Readiness.Ready() != tc.ready {
				t.Errorf("listed later: ready is %t, want %t", !tc.ready, tc.ready)
			}
		})
	}
}

// What is not listed yet, or not served any more, leaves everything ready.
func TestNotListed(t *testing.T) {
	f := newFixture(t)
	one, both := f.Of(keys("web")...), f.Of(keys("web", "other")...)
	want := func(ready bool) {
		t.Helper()
		if one.Readiness.Ready() != ready || both.Readiness.Ready() != ready {
			t.Errorf("ready is %t and %t, want %t", one.Readiness.Ready(), both.Readiness.Ready(), ready)
		}
	}
	want(true)
	f.list(f.services, selecting("web"))
	want(true)
	f.list(f.slices)
	want(false)
	f.scopes[""].setListed(slicesListed, false)
	want(true)
	f.list(f.slices, endpoints("a", "web", "unready"))
	want(false)
	f.list(f.slices, endpoints("a", "web", "ready"))
	want(true)
}

// Objects without backends, and those with one in a namespace that is not watched, have no readiness that could be known.
func TestNotKnown(t *testing.T) {
	f := newFixture(t)
	if f.Of() != nil {
		t.Error("an object without backends has a readiness")
	}
	j := New([]string{"default", "other"})
	if len(j.Informers) != 4 {
		t.Errorf("%d informers for two namespaces, want 4", len(j.Informers))
	}
	if j.Of(store.Key{Namespace: "default", Name: "web"}) == nil || j.Of(store.Key{Namespace: "other", Name: "web"}) == nil {
		t.Error("a backend in a namespace that is watched has no readiness")
	}
	if j.Of(store.Key{Namespace: "default", Name: "web"}, store.Key{Namespace: "elsewhere", Name: "web"}) != nil {
		t.Error("a backend in a namespace that is not watched has a readiness")
	}
	var none *Join
	if none.Of(keys("web")...) != nil || none.Awaited() != nil {
		t.Error("a stanza without the filter has a join")
	}
}

// Objects with the same backends share one Steering, whatever the order in which they have them. Records are compared by it.
func TestShared(t *testing.T) {
	f := newFixture(t)
	for _, pair := range [][2][]string{
		{{"a"}, {"a"}}, {{"a"}, {"a", "a"}}, {{"a", "b"}, {"b", "a"}}, {{"a", "b", "c"}, {"c", "b", "a", "b"}},
	} {
		if f.Of(keys(pair[0]...)...) != f.Of(keys(pair[1]...)...) {
			t.Errorf("backends %v and %v have different readiness", pair[0], pair[1])
		}
	}
	if f.Of(keys("a")...) == f.Of(keys("b")...) || f.Of(keys("a", "b")...) == f.Of(keys("a", "c")...) {
		t.Error("different backends share a readiness")
	}
	before := f.Of(keys("web", "b")...)
	f.list(f.services, selecting("web"), selecting("b"))
	f.list(f.slices, endpoints("x", "web", "ready"))
	f.delete(f.services, "web")
	f.put(selecting("web"))
	if f.Of(keys("web", "b")...) != before {
		t.Error("a Service that came and went has another readiness than before")
	}
}

// An EndpointSlice may be given to another Service, and one that cannot be decoded any more keeps its Service ready.
func TestSliceChanges(t *testing.T) {
	f := listed(t, []any{selecting("web"), selecting("other")}, []any{endpoints("a", "web", "ready")})
	f.want(true, "web")
	f.want(false, "other")
	f.put(endpoints("a", "other", "ready"))
	f.want(false, "web")
	f.want(true, "other")
	f.put(endpoints("a", "other", "unready"))
	f.want(false, "other")
	f.putText(f.slices, `{"metadata": {"namespace": "default", "name": "a"}, "endpoints": 1}`)
	f.want(true, "other")
	f.put(endpoints("a", "", "ready"))
	f.want(false, "other")
	f.put(endpoints("a", "web", "unready", "ready"))
	f.want(true, "web")
	f.delete(f.slices, "a")
	f.want(false, "web")
	f.delete(f.slices, "a")
	f.want(false, "web")
}

// R7: while a list is stored, a Service whose ready endpoint moved to another EndpointSlice is ready throughout, whatever the order.
func TestRelistLosesNothing(t *testing.T) {
	for _, after := range [][]any{
		{endpoints("a", "web", "unready"), endpoints("b", "web", "ready")},
		{endpoints("b", "web", "ready")},
		{endpoints("a", "other", "ready"), endpoints("b", "web", "ready")},
		{endpoints("a", ""), endpoints("c", "web", "unready"), endpoints("b", "web", "ready")},
	} {
		f := listed(t, []any{selecting("web"), selecting("other")}, []any{endpoints("a", "web", "ready")})
		s := &observed{sliceStore{f.scopes[""]}, f, f.Of(keys("web")...).Readiness.Ready}
		f.slices = kubeInformer(s)
		f.list(f.slices, after...)
		f.want(true, "web")
	}
}
