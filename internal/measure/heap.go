// Package measure is what the budgets of tests are measured with. It imports no other package of the module, so that the tests inside
// any room can use it.
package measure

import "runtime"

// LiveHeap returns the octets of the heap that are in use, after a garbage collection.
func LiveHeap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
