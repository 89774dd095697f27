package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// fakeAPI is an API server that sends what it is told to, be it nonsense. Lists and watches are found by the plural of the
// resource, whatever the namespace.
type fakeAPI struct {
	*httptest.Server
	t testing.TB

	mu      sync.Mutex
	lists   map[string]http.HandlerFunc
	watches map[string]http.HandlerFunc
	asked   map[string][]string // resourceVersions of watches
	listed  map[string]int
}

func newFakeAPI(t testing.TB) *fakeAPI {
	s := &fakeAPI{t: t, lists: map[string]http.HandlerFunc{}, watches: map[string]http.HandlerFunc{}, asked: map[string][]string{}, listed: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		plural := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		s.mu.Lock()
		handle := s.lists[plural]
		if r.URL.Query().Get("watch") != "" {
			s.asked[plural] = append(s.asked[plural], r.URL.Query().Get("resourceVersion"))
			if handle = s.watches[plural]; handle == nil {
				handle = quiet
			}
		} else {
			s.listed[plural]++
		}
		s.mu.Unlock()
		if handle == nil {
			http.NotFound(w, r)
			return
		}
		handle(w, r)
	}))
	t.Cleanup(s.Close)
	s.on("services", sends(jsonList("Service", "1")), nil) // the nameserver's
	return s
}

// on sets what is sent for a list, and for a watch.
func (s *fakeAPI) on(plural string, list, watch http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lists[plural], s.watches[plural] = list, watch
}

// times returns how often a resource was listed, and from which resourceVersions it was watched.
func (s *fakeAPI) times(plural string) (listed int, watched []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.listed[plural], append([]string{}, s.asked[plural]...)
}

// serve runs the informers of a stanza against the API server, until all that are demanded have settled.
func (s *fakeAPI) serve(stanza string) *fixture {
	s.t.Helper()
	f := unlisted(s.t, stanza)
	s.run(f)
	s.await(f)
	return f
}

// await waits until all informers that are demanded have settled.
func (s *fakeAPI) await(f *fixture) {
	s.t.Helper()
	limit, done := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer done()
	f.Clusters[0].Await(limit.Done())
	for _, i := range f.Clusters[0].Unsettled() {
		s.t.Errorf("%s has not settled: %+v", i.Title, i.State())
	}
}

// run runs the informers of a fixture against the API server.
func (s *fakeAPI) run(f *fixture) {
	s.t.Helper()
	c := f.Clusters[0]
	conn, err := kube.OpenConnection(&rest.Config{Host: s.URL}, &c.LastHeard)
	if err != nil {
		s.t.Fatal(err)
	}
	c.Conn.Store(conn)
	ctx, end := context.WithCancel(context.Background())
	var running sync.WaitGroup
	s.t.Cleanup(func() {
		end()
		running.Wait()
		conn.Close()
		s.CloseClientConnections()
	})
	c.Start(ctx, &running)
}

// sends answers with a text of JSON.
func sends(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, text)
	}
}

// quiet is a watch without events.
func quiet(w http.ResponseWriter, r *http.Request) { streams()(w, r) }

// streams sends events, and stays open.
func streams(events ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for _, e := range events {
			fmt.Fprintln(w, e)
		}
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
}

// jsonList is a list of objects over JSON.
func jsonList(kind, version string, items ...string) string {
	return fmt.Sprintf(`{"kind": "%sList", "apiVersion": "v1", "metadata": {"resourceVersion": %q}, "items": [%s]}`, kind, version, strings.Join(items, ",\n"))
}

// event is an event of a watch.
func event(what, object string) string { return fmt.Sprintf(`{"type":%q,"object":%s}`, what, object) }

// bookmark is an event that says how far a watch is.
func bookmark(kind, version string) string {
	return event("BOOKMARK", fmt.Sprintf(`{"kind":%q,"apiVersion":"v1","metadata":{"resourceVersion":%q}}`, kind, version))
}

// sentJSON is a manifest as an API server sends it: as JSON on one line, with a resourceVersion.
func sentJSON(t testing.TB, manifest, version string) string {
	t.Helper()
	manifest = strings.TrimSuffix(strings.TrimSpace(manifest), "---")
	if !strings.Contains(manifest, "metadata: {") {
		t.Fatalf("no metadata in %s", manifest)
	}
	manifest = strings.Replace(manifest, "metadata: {", fmt.Sprintf("metadata: {resourceVersion: %q, ", version), 1)
	text, err := yaml.YAMLToJSON([]byte(manifest))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// statusAnswer answers with an error of an API server.
func statusAnswer(code int32, reason metav1.StatusReason) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(int(code))
		_ = json.NewEncoder(w).Encode(metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: "Failure", Reason: reason, Code: code})
	}
}

// until waits for something that another goroutine does.
func until(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not within 10 s")
		}
	}
}
