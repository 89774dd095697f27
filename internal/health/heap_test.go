package health

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/measure"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// What `steer healthy` may cost in live heap for each Ingress with a Service and an EndpointSlice of its own, in bytes.
const heapBudget = 150

// TestHeap measures the join. The record of an Ingress has a pointer for it.
func TestHeap(t *testing.T) {
	if measure.RaceDetector {
		t.Skip("it is measured without the race detector")
	}
	const n = 50_000
	f := listed(t, nil, nil)
	records := make([]struct{ steering *record.Steering }, n)
	before := measure.LiveHeap() - n*8 // of records
	for i := range n {
		namespace, name := fmt.Sprint("ns", i%100), fmt.Sprint("host", i)
		svc, slice := selecting(name), endpoints(name+"-x7f2k", name, "ready", "ready")
		svc.Namespace, slice.Namespace = namespace, namespace
		f.put(svc)
		f.put(slice)
		records[i].steering = f.Of(store.Key{Namespace: namespace, Name: name})
	}
	got := int(measure.LiveHeap()-before) / n
	t.Logf("%d bytes for each Ingress", got)
	if got > heapBudget {
		t.Errorf("%d bytes of heap for each Ingress, want at most %d", got, heapBudget)
	}
	for i := range records {
		if !records[i].steering.Readiness.Ready() {
			t.Fatal("a Service with ready endpoints is not ready")
		}
	}
	runtime.KeepAlive(f)
}
