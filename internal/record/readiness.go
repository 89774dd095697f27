package record

import "sync/atomic"

// Readiness says whether one of a target's backend Services has a ready endpoint (T2). Targets with the same backends share it
// (internal/health), so that a change of a Service is one atomic write, and a question reads one word.
type Readiness struct {
	ID    uint64 // a hash of the Services. Two values with the same hash are the same value.
	facts atomic.Uint32
}

// Fact is a set of facts about a backend Service.
type Fact uint32

const (
	Unready  Fact = 1 << iota // no endpoint is ready, and everything that decides this has been listed
	Exists                    // the Service exists
	Selects                   // it has a selector
	External                  // it is of type ExternalName
)

// Ready reports whether the target counts as ready: it is not certain that no endpoint is ready. A nil Readiness, of backends that
// are not known, is ready.
func (r *Readiness) Ready() bool { return r == nil || Fact(r.facts.Load())&Unready == 0 }

// Facts returns the facts.
func (r *Readiness) Facts() Fact { return Fact(r.facts.Load()) }

// Set stores the facts. Questions from now on see them.
func (r *Readiness) Set(facts Fact) { r.facts.Store(uint32(facts)) }
