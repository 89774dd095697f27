//go:build race

package health

// raceDetector says that the race detector is on, which has a heap of its own.
const raceDetector = true
