//go:build !race

package measure

// RaceDetector says whether the race detector is on, under which allocations are not what they are without.
const RaceDetector = false
