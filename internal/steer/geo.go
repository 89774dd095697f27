package steer

import (
	"fmt"
	"math"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// geo keeps the targets that are nearest to the client (T4): those that have most in common with the client's place or, if none has
// anything in common with it, those at the shortest distance. It keeps no target whose place is not known.
type geo struct{}

// equalDistance is the factor up to which a distance counts as equal to the shortest one.
const equalDistance = 1.01

// Keep implements Filter.
func (geo) Keep(q *Question, targets []zone.Target) []zone.Target {
	q.look(q.Client.Bits)
	if !q.located && q.chain.locator != nil {
		q.located, q.Client.Place = true, q.chain.locator.Locate(q.Client.Ctx)
	}
	client, best := &q.Client.Place, place.Nothing
	for i := range targets {
		if p := q.placeOf(&targets[i]); p != nil {
			best = max(best, p.Near(client))
		}
	}
	kept := targets[:0]
	if best == place.Nothing {
		return q.nearest(targets)
	}
	if q.traced {
		q.because(fmt.Sprintf("the client is at %s and has %s in common with them", client, best))
	}
	for i := range targets {
		if p := q.placeOf(&targets[i]); p != nil && p.Near(client) == best {
			kept = moveKept(kept, targets, i)
		}
	}
	return kept
}

// nearest keeps the targets at the shortest distance.
func (q *Question) nearest(targets []zone.Target) []zone.Target {
	shortest := math.Inf(1)
	client := q.Client.Point
	for i := range targets {
		p := q.placeOf(&targets[i])
		if p == nil || p.Point == nil {
			continue
		}
		if client == nil && q.chain.locator != nil {
			client = q.chain.locator.Point(q.Client.Ctx)
			q.Client.Point = client
		}
		if client == nil {
			break
		}
		shortest = min(shortest, client.Distance(p.Point))
	}
	if q.traced {
		q.because(q.nearestReason(shortest))
	}
	kept := targets[:0]
	for i := range targets {
		if p := q.placeOf(&targets[i]); client != nil && p != nil && p.Point != nil && client.Distance(p.Point) <= shortest*equalDistance {
			kept = moveKept(kept, targets, i)
		}
	}
	return kept
}

// nearestReason returns the text for a trace of nearest: the distance, or where the client is if there is no distance.
func (q *Question) nearestReason(shortest float64) string {
	switch at := q.Client.Place.String(); {
	case !math.IsInf(shortest, 1):
		return fmt.Sprintf("the client is at %s, %.0f km away", q.Client.Point, shortest)
	case at != "":
		return "the client is at " + at
	}
	return "it is not known where the client is"
}
