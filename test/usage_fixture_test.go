package test

import (
	"bytes"
	"runtime"
	"runtime/pprof"
	"testing"
	"time"
)

// usage is how much of this process there is.
type usage struct {
	goroutines int
	heap       uint64 // bytes in use
}

func usageNow() usage {
	runtime.GC()
	runtime.GC() // what had a finalizer
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{runtime.NumGoroutine(), m.HeapAlloc}
}

// awaitUsage waits until there is no more than there was, but for goroutines that
// come and go, and a part of the heap.
func awaitUsage(t *testing.T, before usage) {
	t.Helper()
	const comeAndGo, part, least = 5, 5, 2 << 20
	most := usage{before.goroutines + comeAndGo, before.heap + max(before.heap/part, least)}
	now := usageNow()
	for deadline := time.Now().Add(awaitTimeout); now.goroutines > most.goroutines || now.heap > most.heap; now = usageNow() {
		if time.Now().After(deadline) {
			var running bytes.Buffer
			_ = pprof.Lookup("goroutine").WriteTo(&running, 1)
			t.Fatalf("%+v, want at most %+v; goroutines:\n%s", now, most, running.String())
		}
	}
	t.Logf("before %+v, now %+v", before, now)
}
