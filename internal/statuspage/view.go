package statuspage

import (
	"slices"
	"strings"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

// view is a State that is prepared for queries.
type view struct {
	*overall
	Claims []Claim // sorted by compareClaims
}

// overall is a view without its claims. Replies that are being sent keep only this part in memory.
type overall struct {
	State
	names, answering int      // the number of names, and of names that answer
	kinds            []string // of the sources and claims
	clusters         bool     // there are several
}

func newView(state State) *view {
	v := &view{&overall{State: state}, state.Claims}
	v.State.Claims = nil
	compare := func(a, b Claim) int { return compareClaims(&a, &b) }
	if !slices.IsSortedFunc(v.Claims, compare) {
		slices.SortFunc(v.Claims, compare)
	}
	kinds, clusters := map[string]bool{}, map[string]bool{}
	for _, s := range v.Sources {
		kinds[s.Kind], clusters[s.Cluster] = true, true
	}
	counted := false // the name of the claim is counted in v.answering
	var object *Object
	for i := range v.Claims {
		c := &v.Claims[i]
		if c.Object != object {
			object = c.Object
			kinds[c.Kind], clusters[c.Cluster] = true, true
		}
		if first := i == 0 || v.Claims[i-1].Name != c.Name; first && c.Name != "" {
			v.names++
			counted = false
		}
		if c.Standing == Answers && !counted && c.Name != "" {
			v.answering++
			counted = true
		}
	}
	for kind := range kinds {
		if kind != "" {
			v.kinds = append(v.kinds, kind)
		}
	}
	slices.Sort(v.kinds)
	delete(clusters, "")
	v.clusters = len(clusters) > 1
	return v
}

// serves reports whether a canonical name is in one of the zones.
func (v *overall) serves(name string) bool {
	return slices.ContainsFunc(v.Zones, func(zone string) bool { return dnsname.Within(name, strings.TrimSuffix(zone, ".")) })
}

const (
	// freshFor is the shortest time for which a view is used, so that requests at about the same time share it.
	freshFor = time.Second
	// share limits the processor time for views to about a tenth: a view is used for at least share times as long as it took to make.
	share = 10
	// keptFor is how long the last view is kept without a request.
	keptFor = 30 * time.Second
)

// views makes the views of a source, one at a time, and caches the last one.
type views struct {
	source Source

	turn    chan struct{} // a lock: holds one element while a view is made or dropped
	current *view
	until   time.Time // when current is no longer fresh
	drop    *time.Timer
}

func newViews(source Source) *views {
	return &views{source: source, turn: make(chan struct{}, 1)}
}

// get returns the current view, and makes a new one if it is not fresh.
func (v *views) get() *view {
	v.turn <- struct{}{}
	defer func() { <-v.turn }()
	if v.drop == nil {
		v.drop = time.AfterFunc(keptFor, v.forget)
	}
	v.drop.Reset(keptFor)
	if v.current == nil || time.Now().After(v.until) {
		v.current = nil // so that the old and the new view are not in memory together
		began := time.Now()
		v.current = newView(v.source.State())
		v.until = time.Now().Add(max(freshFor, share*time.Since(began)))
	}
	return v.current
}

func (v *views) forget() {
	v.turn <- struct{}{}
	defer func() { <-v.turn }()
	v.current = nil
}

// stop drops the current view when no more requests come.
func (v *views) stop() {
	if v.forget(); v.drop != nil {
		v.drop.Stop()
	}
}
