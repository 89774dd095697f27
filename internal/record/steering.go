package record

import "net/netip"

// Steering is what the filters of `steer` know of a target besides its addresses. It is worked out when the object changes, and
// nil where the stanza has no `steer`, or where nothing differs from the defaults: weight 1, priority 0, ready, any client.
// A target of which only its readiness is known has the Steering that the backend Service's readiness comes with (internal/health):
// tens of thousands of Ingresses then have none of their own.
type Steering struct {
	Readiness *Readiness // T2: nil for what is ready as far as can be known
	*Stated              // never nil; NothingStated stands for the defaults
}

// Stated is what an object says of its targets for the filters.
type Stated struct {
	ID       string         // of an endpoint of a DNSEndpoint: its setIdentifier, by which it is a target of its own (T1); empty for none
	Weight   uint16         // T6
	Priority int32          // T5: lower first
	Clients  []netip.Prefix // T3: for whom the target is; nil where its addresses decide
}

// NothingStated is the Stated of an object that says nothing. It must not be written to.
var NothingStated = &Stated{Weight: 1}
