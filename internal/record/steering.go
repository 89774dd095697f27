package record

import (
	"net/netip"
	"sync/atomic"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// Steering is what the filters of `steer` know of a target besides its addresses. It is worked out when the object changes, and
// nil where the stanza has no `steer`, or where nothing differs from the defaults: weight 1, priority 0, ready, any client.
type Steering struct {
	ID        string         // of an endpoint of a DNSEndpoint: its setIdentifier, by which it is a target of its own (T1); empty for none
	Weight    uint16         // T6
	Priority  int32          // T5: lower first
	Clients   []netip.Prefix // T3: for whom the target is; nil where its addresses decide
	Readiness *Readiness     // T2: nil for what is ready as far as can be known
}

// Readiness is whether there is a ready endpoint behind a target: that of one Service or, if Any is not empty, of one of several (T2).
type Readiness struct {
	Service store.Key // a backend Service in the target's cluster
	Any     []*Readiness
	unready atomic.Bool // known to have no ready endpoint
}

// Ready reports whether there is a ready endpoint, as far as can be known.
func (r *Readiness) Ready() bool {
	if r == nil {
		return true
	}
	for _, one := range r.Any {
		if one.Ready() {
			return true
		}
	}
	return len(r.Any) == 0 && !r.unready.Load()
}
