package steer

import (
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// few is the number of targets that a new Question has room for. Most names have fewer.
const few = 8

// Question applies a chain to the targets of the names that one question looks up, for one client. It implements zone.Chooser. Questions
// are pooled: NewQuestion takes one, Release returns it.
type Question struct {
	Client Client
	chain  *Chain

	targets []zone.Target
	name    string // the name that has the targets, canonical
	scope   int    // the longest SCOPE PREFIX-LENGTH of the lookups (T7)
	network int    // the network of the client plus 1, or -1 for none; 0 until it is computed
	within  int    // the length of the shortest prefix around the client for which network holds
	located bool   // the Locator was called
	steered bool   // a filter looked at the client, or drew at random

	traced         bool
	withoutMetrics bool
	steps          []Step
}

// maxTraced limits the targets that a Step has. Texts name fewer.
const maxTraced = 64

// Step is what one filter did with the targets of a name.
type Step struct {
	Filter     string
	Kind       *zone.Kind
	Before     int           // the number of targets before the filter
	After      int           // the number of targets after the filter: all if it failed open
	Kept       []zone.Target // the first of these, at most maxTraced entries
	Narrowed   bool          // the filter removed a target, or some addresses of one
	FailedOpen bool          // the filter would have removed all targets, so it kept all
	Refused    bool          // the filter removed all targets
	Why        string
}

// Trace makes the question record what each filter does.
func (q *Question) Trace() { q.traced = true }

// WithoutMetrics excludes the question from the metrics, because no client asked it.
func (q *Question) WithoutMetrics() { q.withoutMetrics = true }

// NarrowedBy returns the filters that removed targets or addresses, each once and in order.
func (q *Question) NarrowedBy() (list []string) {
	for _, s := range q.steps {
		if (s.Narrowed || s.Refused) && !slices.Contains(list, s.Filter) {
			list = append(list, s.Filter)
		}
	}
	return list
}

// Steps returns what the filters did, in order.
func (q *Question) Steps() []Step { return q.steps }

// Scope returns the SCOPE PREFIX-LENGTH of the reply (RFC 7871 section 7.2.1), after all lookups: 0 if no filter looked at the client.
func (q *Question) Scope() uint8 { return uint8(q.scope) }

// Steered reports whether the result of the filters depends on the client, or on chance.
func (q *Question) Steered() bool { return q.steered }

// Release returns the question to the pool.
func (q *Question) Release() {
	q.scope, q.network, q.within, q.located, q.steered = 0, 0, 0, false, false
	if q.traced {
		q.traced, q.steps = false, nil
	}
	q.withoutMetrics, q.name = false, ""
	q.chain.questions.Put(q)
}

// Targets implements zone.Chooser.
func (q *Question) Targets(name string) []zone.Target {
	q.name = name
	return q.targets
}

// Done implements zone.Chooser.
func (q *Question) Done(targets []zone.Target) {
	if len(targets) > few {
		clear(targets) // so that the pool does not keep their records alive
	}
	q.targets = targets[:0]
}

// Choose implements zone.Chooser.
func (q *Question) Choose(k *zone.Kind, targets []zone.Target) ([]zone.Target, bool) {
	for i := range q.chain.links {
		l := &q.chain.links[i]
		before := 0
		if q.traced {
			before = size(targets)
			q.steps = append(q.steps, Step{Filter: l.name, Kind: k, Before: Count(targets)})
		}
		kept := l.Keep(q, targets)
		none := len(kept) == 0
		if none && !l.strict {
			if kept = targets; !q.withoutMetrics {
				l.failed.Inc()
			}
		}
		if q.traced {
			s := &q.steps[len(q.steps)-1]
			s.After, s.Kept = Count(kept), slices.Clone(kept[:min(len(kept), maxTraced)])
			s.FailedOpen, s.Refused, s.Narrowed = none && !l.strict, none && l.strict, size(kept) < before
		}
		if len(kept) == 0 {
			return nil, false
		}
		targets = kept
	}
	return targets, true
}

// look records that a filter looked at the client. The result of the filter is the same for all clients that share the first bits of the
// client's address.
func (q *Question) look(bits int) {
	q.steered = true
	if q.Client.FromECS { // a scope of 0 would be for clients of the other family too
		q.scope = max(q.scope, min(max(bits, 1), q.Client.Bits))
	}
}

// because records the reason for what the current filter does. The question must be traced.
func (q *Question) because(why string) { q.steps[len(q.steps)-1].Why = why }

// placeOf returns the place of a target, or nil if it is not known.
func (q *Question) placeOf(t *zone.Target) *place.Place {
	if p := t.Data.StatedOf().Place; p != nil {
		return p
	}
	if t.Cluster < len(q.chain.places) {
		return q.chain.places[t.Cluster]
	}
	return nil
}

// moveKept appends the i-th target to kept, which is the beginning of targets.
func moveKept(kept, targets []zone.Target, i int) []zone.Target {
	if i != len(kept) {
		targets[len(kept)] = targets[i]
	}
	return targets[:len(kept)+1]
}

// Count returns the number of targets in a list. One target may have several entries, which are adjacent.
func Count(targets []zone.Target) (n int) {
	for i := range targets {
		if i == 0 || !targets[i].SameTarget(&targets[i-1]) {
			n++
		}
	}
	return n
}

// size returns the number of addresses and aliases of all targets.
func size(targets []zone.Target) (n int) {
	for _, t := range targets {
		n += max(1, len(t.Addrs)+len(t.Hosts))
	}
	return n
}
