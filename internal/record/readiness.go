package record

import "sync/atomic"

// Readiness is whether there is a ready endpoint behind a target: one of its backend Services has one (T2). Targets with the same
// backends share it (internal/health), so that the change of a Service is one atomic write, and a question reads one word.
type Readiness struct {
	ID    uint64 // a hash of the Services. Two values with the same hash are the same value.
	facts atomic.Uint32
}

// Fact is something that is known of a backend Service, or a set of such facts.
type Fact uint32

const (
	Unready  Fact = 1 << iota // it is known that there is no ready endpoint
	Exists                    // the Service is there
	Selects                   // it has a selector
	External                  // it is of type ExternalName
)

// Ready reports whether there is a ready endpoint, as far as can be known. No Readiness stands for backends that cannot be known.
func (r *Readiness) Ready() bool { return r == nil || Fact(r.facts.Load())&Unready == 0 }

// Facts returns what is known.
func (r *Readiness) Facts() Fact { return Fact(r.facts.Load()) }

// Set stores what is known, for questions that are asked from now on.
func (r *Readiness) Set(facts Fact) { r.facts.Store(uint32(facts)) }
