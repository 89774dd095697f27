//go:build race

package gateway

// raceDetector says that the race detector is on, under which allocations are not what they are without.
const raceDetector = true
