package explain_test

import (
	"bytes"
	"fmt"

	golog "log"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	networkingv1 "k8s.io/api/networking/v1"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/measure"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// badHosts is an Ingress whose annotation has many names of one character each, all malformed.
func badHosts(name string, n int) *networkingv1.Ingress {
	return &networkingv1.Ingress{ObjectMeta: metav1.ObjectMeta{Namespace: "tenant", Name: name,
		Annotations: map[string]string{object.HostnameAnnotation: strings.Repeat("_,", n)}}}
}

// N7: the bad values of an object take less memory than the object, and the change of another object does not wait for them.
func TestManyBadValuesAreCheap(t *testing.T) {
	if measure.RaceDetector {
		t.Skip("the race detector has a heap of its own")
	}
	f := fixture.New(t, "resources Ingress")
	const objects, n = 5, 125_000
	before := measure.LiveHeap()
	fastest := time.Hour
	for i := range objects {
		ing := badHosts(fmt.Sprint("bad", i), n)
		fastest = min(fastest, fixture.Lasts(func() { f.Feed(cache.Updated, ing) }))
	}
	if fastest > 100*time.Millisecond {
		t.Errorf("the change of another Ingress waits %v", fastest)
	}
	size := (int64(measure.LiveHeap()) - int64(before)) / objects
	t.Logf("%v, %d bytes", fastest, size)
	if size > 2*n {
		t.Errorf("an object of %d kB takes %d kB", 2*n>>10, size>>10)
	}
	runtime.KeepAlive(f)
}

// N5, N7: of many bad values the first are logged and shown, and all are counted.
func TestManyBadValuesAreCounted(t *testing.T) {
	var out bytes.Buffer
	golog.SetOutput(&out)
	defer golog.SetOutput(os.Stderr)
	before := fixture.SkippedCount(t, "Ingress", "name")
	f := fixture.New(t, "resources Ingress\nstatus :0")
	for range 2 { // the second time as after a relist
		f.Feed(cache.Updated, badHosts("web", 5000))
	}
	if n := fixture.SkippedCount(t, "Ingress", "name") - before; n != 5000 {
		t.Errorf("the metric counts %v values", n)
	}
	if n := strings.Count(out.String(), "Ingress tenant/web: skipped"); n != 21 || !strings.Contains(out.String(), "skipped 4980 more values") {
		t.Errorf("%d lines in the log:\n%s", n, &out)
	}
	var reasons []string
	for _, r := range statuspage.Rows(f.Overview().State().Claims) {
		if r.Standing == statuspage.Skipped {
			reasons = append(reasons, r.Reason)
		}
	}
	if len(reasons) != 21 || !slices.Contains(reasons, "name: 4980 more values cannot be served") {
		t.Errorf("the status page says %q", reasons)
	}
}

// N5, N7: what is wrong with an endpoint of a DNSEndpoint is shown, however many values of the endpoints before it are bad.
func TestBadValueAfterManyIsShown(t *testing.T) {
	list := "\n  - {dnsName: first.example.com, recordType: A, targets: [" + strings.Join(fixture.Numbered(50, "bad%d"), ",") + "]}" +
		"\n  - {dnsName: last.example.com, recordType: A, targets: [wrong]}"
	f := fixture.New(t, "resources DNSEndpoint\nstatus :0", fixture.Endpoints("many", list))
	var said []string
	for _, r := range statuspage.Rows(f.Overview().State().Claims) {
		if r.Name == "last.example.com." {
			said = append(said, r.Reason)
		}
	}
	if !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, `A: "wrong"`) }) {
		t.Errorf("the status page says %q", said)
	}
}
