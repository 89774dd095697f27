package statuspage

import (
	"slices"
	"strings"
	"time"
)

// view is a State made ready to be asked about.
type view struct {
	*overall
	Claims []Claim // in order
}

// overall is a view without its claims. Replies that are still being sent keep no more of it.
type overall struct {
	State
	names, answering int      // names there are, and how many of them answer
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
	counted := false // this name answers
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
	return slices.ContainsFunc(v.Zones, func(zone string) bool {
		zone = strings.TrimSuffix(zone, ".")
		return zone == "" || name == zone || strings.HasSuffix(name, "."+zone)
	})
}

const (
	// freshFor is how long a view is shown for, so that all who ask at about the same time share one.
	freshFor = time.Second
	// share is how much longer than it took a view is shown for at least, so that what is spent on views
	// is a small part of a processor, however many names there are.
	share = 10
	// keptFor is how long the last view is kept when nobody asks.
	keptFor = 30 * time.Second
)

// views makes views of a source, one at a time and no more often than they are of use.
type views struct {
	source Source

	turn    chan struct{} // holds one while a view is made: the others wait, and share it
	current *view
	until   time.Time // when current is no longer fresh
	drop    *time.Timer
}

func newViews(source Source) *views {
	return &views{source: source, turn: make(chan struct{}, 1)}
}

func (v *views) get() *view {
	v.turn <- struct{}{}
	defer func() { <-v.turn }()
	if v.drop == nil {
		v.drop = time.AfterFunc(keptFor, v.forget)
	}
	v.drop.Reset(keptFor)
	if v.current == nil || time.Now().After(v.until) {
		v.current = nil // not both at once
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

// stop forgets now, when nobody will ask any more.
func (v *views) stop() {
	if v.forget(); v.drop != nil {
		v.drop.Stop()
	}
}
