package steer

import (
	"slices"
	"sync"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// few is how many targets a new Question has room for. Most names have fewer.
const few = 8

// Question is a chain for the client of one question. It implements zone.Chooser.
type Question struct {
	Client Client
	chain  *Chain

	mu      sync.Mutex // held between Targets and Done: the hostnames of a name are looked up side by side
	targets []zone.Target
	name    string // whose targets they are, canonical
	scope   int    // T7: the longest that a lookup came to
	network int    // of the client, plus one; 0 for what is not known yet
	within  int    // the shortest prefix length around the client that is all of the network
	located bool
	steered bool // a filter looked at the client, or drew at random

	traced         bool
	withoutMetrics bool // it is nobody's question: nothing is counted
	steps          []Step
}

// Step is what one filter did with the targets of a name.
type Step struct {
	Filter     string
	Kind       *zone.Kind
	Before     int           // targets
	Kept       []zone.Target // of a filter that failed open all
	Narrowed   bool          // a target or some of its addresses
	FailedOpen bool          // it would have kept none
	Refused    bool          // it kept none
	Why        string
}

// Trace has the question note what each filter does.
func (q *Question) Trace() { q.traced = true }

// WithoutMetrics has the question count nothing: no client asked it.
func (q *Question) WithoutMetrics() { q.withoutMetrics = true }

// NarrowedBy returns the filters that left something out, or kept nothing, each once and in order.
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

// Scope returns the SCOPE PREFIX-LENGTH of the reply (RFC 7871 section 7.2.1), after all lookups: 0 where no filter looked at the client.
func (q *Question) Scope() uint8 { return uint8(q.scope) }

// Steered reports whether what filters did depends on the client, or on chance.
func (q *Question) Steered() bool { return q.steered }

// Release ends the use of a question.
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
	q.mu.Lock()
	q.name = name
	return q.targets
}

// Done implements zone.Chooser.
func (q *Question) Done(targets []zone.Target) {
	if len(targets) > few {
		clear(targets) // which keep records alive
	}
	q.targets = targets[:0]
	q.mu.Unlock()
}

// Choose implements zone.Chooser.
func (q *Question) Choose(k *zone.Kind, targets []zone.Target) ([]zone.Target, bool) {
	for i := range q.chain.links {
		l := &q.chain.links[i]
		var before []zone.Target
		if q.traced {
			before = slices.Clone(targets)
			q.steps = append(q.steps, Step{Filter: l.name, Kind: k, Before: Count(before)})
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
			s.Kept, s.FailedOpen, s.Refused = slices.Clone(kept), none && !l.strict, none && l.strict
			s.Narrowed = size(kept) < size(before)
		}
		if len(kept) == 0 {
			return nil, false
		}
		targets = kept
	}
	return targets, true
}

// look notes that a filter looked at the client: what it did holds for all clients in the first bits of the prefix that the client sent.
func (q *Question) look(bits int) {
	q.steered = true
	if q.Client.FromECS {
		q.scope = max(q.scope, min(bits, q.Client.Bits))
	}
}

// because notes the reason for what a filter does, where the question is traced.
func (q *Question) because(why string) { q.steps[len(q.steps)-1].Why = why }

// placeOf returns where a target is, or nil.
func (q *Question) placeOf(t *zone.Target) *place.Place {
	if p := t.Data.StatedOf().Place; p != nil {
		return p
	}
	if t.Cluster < len(q.chain.places) {
		return q.chain.places[t.Cluster]
	}
	return nil
}

// moveKept moves the i-th target behind those that are kept.
func moveKept(kept, targets []zone.Target, i int) []zone.Target {
	if i != len(kept) {
		targets[len(kept)] = targets[i]
	}
	return targets[:len(kept)+1]
}

// Count returns how many targets a list has.
func Count(targets []zone.Target) (n int) {
	for i := range targets {
		if i == 0 || !targets[i].SameTarget(&targets[i-1]) {
			n++
		}
	}
	return n
}

// size returns how many addresses and aliases targets have.
func size(targets []zone.Target) (n int) {
	for _, t := range targets {
		n += max(1, len(t.Addrs)+len(t.Hosts))
	}
	return n
}
