package fakeapi

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/manifest"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// Server is a running stand-in for an API server.
type Server struct {
	http       *httptest.Server
	kubeconfig string
	resources  []*resource
	store      *store
	ctx        context.Context // ends with the server
	end        context.CancelFunc
}

// Start starts a server and writes a kubeconfig for it into a directory.
func Start(dir string) (*Server, error) {
	s := &Server{resources: resources(), store: newStore(), kubeconfig: filepath.Join(dir, "kubeconfig")}
	s.ctx, s.end = context.WithCancel(context.Background())
	s.http = httptest.NewServer(s.handler())
	if err := testcluster.WriteKubeconfig(s.kubeconfig, &api.Cluster{Server: s.http.URL}, nil); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends all watches and stops the server.
func (s *Server) Close() error {
	s.end()
	s.http.Close()
	return nil
}

// Kubeconfig returns the path of the kubeconfig.
func (s *Server) Kubeconfig() string { return s.kubeconfig }

// Apply stores every object of a YAML file as it is written, with its status.
func (s *Server) Apply(_ context.Context, yaml []byte) error {
	return s.each(yaml, func(r *resource, obj *unstructured.Unstructured) {
		s.store.put(r, manifest.Describe(obj), obj)
	})
}

// Delete removes every object of a YAML file. Objects that do not exist are passed over.
func (s *Server) Delete(_ context.Context, yaml []byte) error {
	return s.each(yaml, func(r *resource, obj *unstructured.Unstructured) {
		s.store.put(r, manifest.Describe(obj), nil)
	})
}

// Serve restricts a kind to some versions of its API. None is a kind that the server does not have. It has to be called
// before there is a client.
func (s *Server) Serve(kind string, versions ...string) error {
	for _, r := range s.resources {
		if r.kind == kind {
			r.versions = versions
			return nil
		}
	}
	return fmt.Errorf("no kind %s", kind)
}

// Settled waits until every client that has listed also watches, and every watch has been sent what there is. It returns
// how many objects have been sent.
func (s *Server) Settled(ctx context.Context) (sent int, err error) { return s.store.settled(ctx) }

// Ended returns a function that waits until the watches that are open now have ended, as they do when the client is
// replaced. The client must have settled.
func (s *Server) Ended() func(ctx context.Context) error { return s.store.ended() }

func (s *Server) each(yaml []byte, do func(r *resource, obj *unstructured.Unstructured)) error {
	list, err := manifest.Parse(yaml)
	if err != nil {
		return err
	}
	for _, obj := range list {
		gvk := obj.GroupVersionKind()
		i := slices.IndexFunc(s.resources, func(r *resource) bool { return r.group == gvk.Group && r.kind == gvk.Kind })
		if i < 0 {
			return fmt.Errorf("%s: no such resource", manifest.Describe(obj))
		}
		r := s.resources[i]
		if !r.clusterWide && obj.GetNamespace() == "" {
			obj.SetNamespace(metav1.NamespaceDefault)
		}
		do(r, obj)
	}
	return nil
}

// handler serves paths such as /apis/GROUP/VERSION/namespaces/NAMESPACE/RESOURCE.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api", func(w http.ResponseWriter, _ *http.Request) {
		send(w, metav1.APIVersions{TypeMeta: metav1.TypeMeta{Kind: "APIVersions"}, Versions: []string{"v1"}})
	})
	mux.HandleFunc("GET /apis", func(w http.ResponseWriter, _ *http.Request) { send(w, s.groups()) })
	for prefix, group := range map[string]string{"/api/{version}": "core", "/apis/{group}/{version}": ""} {
		name := func(r *http.Request) string {
			if group == "core" {
				return ""
			}
			return r.PathValue("group")
		}
		mux.HandleFunc("GET "+prefix, func(w http.ResponseWriter, r *http.Request) {
			s.serveVersion(w, name(r), r.PathValue("version"))
		})
		objects := func(w http.ResponseWriter, r *http.Request) { s.serveObjects(w, r, name(r)) }
		mux.HandleFunc("GET "+prefix+"/{plural}", objects)
		mux.HandleFunc("GET "+prefix+"/namespaces/{namespace}/{plural}", objects)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { notFound(w, r.URL.Path) })
	return mux
}

func versionText(version int) string { return strconv.Itoa(version) }

// find returns the resource at a path, or nil.
func (s *Server) find(group, version, plural string) *resource {
	for _, r := range s.resources {
		if r.group == group && r.plural == plural && slices.Contains(r.versions, version) {
			return r
		}
	}
	return nil
}

// selection returns what a request asks for, or nil where there is no such resource.
func (s *Server) selection(r *http.Request, group string) *selection {
	found := s.find(group, r.PathValue("version"), r.PathValue("plural"))
	if found == nil {
		return nil
	}
	sel := selection{resource: found, namespace: r.PathValue("namespace"), labels: r.FormValue("labelSelector")}
	if name, ok := strings.CutPrefix(r.FormValue("fieldSelector"), "metadata.name="); ok {
		sel.name = name
	}
	return s.store.selection(sel)
}
