package steer

import (
	"fmt"
	"math"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// geo keeps the targets that are nearest to the client (T4). Distances count only where no place of a target has anything in common with
// that of the client. A target whose place is not known is near nobody.
type geo struct{}

// equalDistance is how much longer than the shortest distance another one may be and still count as equal.
const equalDistance = 1.01

// Keep implements Filter.
func (geo) Keep(q *Question, targets []zone.Target) []zone.Target {
	q.look(q.client.Bits)
	best := place.Nothing
	for i := range targets {
		if p := q.placeOf(&targets[i]); p != nil {
			best = max(best, p.Near(&q.client.Place))
		}
	}
	kept := targets[:0]
	if best == place.Nothing {
		return q.nearest(targets)
	}
	q.because(func() string {
		return fmt.Sprintf("the client is at %s and has %s in common with them", q.client.Place.String(), best)
	})
	for i := range targets {
		if p := q.placeOf(&targets[i]); p != nil && p.Near(&q.client.Place) == best {
			kept = append(kept, targets[i])
		}
	}
	return kept
}

// nearest keeps the targets at the shortest distance.
func (q *Question) nearest(targets []zone.Target) []zone.Target {
	client := q.client.point()
	if client == nil {
		q.because(func() string {
			if at := q.client.Place.String(); at != "" {
				return "the client is at " + at
			}
			return "it is not known where the client is"
		})
		return targets[:0]
	}
	shortest := math.Inf(1)
	for i := range targets {
		if p := q.placeOf(&targets[i]); p != nil && p.Point != nil {
			shortest = min(shortest, client.Distance(p.Point))
		}
	}
	q.because(func() string {
		if math.IsInf(shortest, 1) {
			return "the client is at " + q.client.Place.String()
		}
		return fmt.Sprintf("the client is at %s, %.0f km away", client, shortest)
	})
	kept := targets[:0]
	for i := range targets {
		if p := q.placeOf(&targets[i]); p != nil && p.Point != nil && client.Distance(p.Point) <= shortest*equalDistance {
			kept = append(kept, targets[i])
		}
	}
	return kept
}
