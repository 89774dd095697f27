package steer

import (
	"fmt"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// weighted keeps one target, drawn with a probability proportional to its weight (T6).
type weighted struct{}

// Keep implements Filter.
func (weighted) Keep(q *Question, targets []zone.Target) []zone.Target {
	if q.Client.Random == 0 {
		q.Client.Random = rand.Uint64() | 1
	}
	if len(targets) == 1 {
		return targets
	}
	q.steered = true
	sum, even := uint64(0), uint64(0)
	for first, end := range groups(targets) {
		sum += weightOf(targets[first:end])
		even++
	}
	equal := sum == 0 // no target has a weight, so all are equally likely
	if equal {
		sum = even
	}
	drawn, _ := bits.Mul64(mix(q.Client.Random^maphash.String(nameSeed, q.name)), sum)
	for first, end := range groups(targets) {
		weight := weightOf(targets[first:end])
		if equal {
			weight = 1
		}
		if drawn < weight {
			if q.traced {
				q.because(fmt.Sprintf("drawn with a weight of %d of %d", weight, sum))
			}
			return targets[first:end]
		}
		drawn -= weight
	}
	return targets[:0] // never: drawn is below the sum
}

// nameSeed seeds the hash of names. Each name of an answer has a draw of its own, and all addresses of one name have the same.
var nameSeed = maphash.MakeSeed()

// mix spreads each bit of a number over all bits of another one (the finalizer of SplitMix64).
func mix(n uint64) uint64 {
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// groups iterates over the targets of a list. It yields the range of indices of each target.
func groups(targets []zone.Target) func(yield func(first, end int) bool) {
	return func(yield func(first, end int) bool) {
		for first := 0; first < len(targets); {
			end := first + 1
			for end < len(targets) && targets[end].SameTarget(&targets[first]) {
				end++
			}
			if !yield(first, end) {
				return
			}
			first = end
		}
	}
}

// weightOf returns the weight of a target. The endpoints of a DNSEndpoint with the same setIdentifier may have different weights; the
// target has the largest.
func weightOf(target []zone.Target) (weight uint64) {
	for i := range target {
		weight = max(weight, uint64(target[i].Data.StatedOf().Weight))
	}
	return weight
}
