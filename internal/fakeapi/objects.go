package fakeapi

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// form is how the objects of a reply are written.
type form struct {
	*resource
	version string
	partial bool // metadata alone
}

// serveObjects serves a list or a watch.
func (s *Server) serveObjects(w http.ResponseWriter, r *http.Request, group string) {
	sel := s.selection(r, group)
	if sel == nil {
		notFound(w, r.URL.Path)
		return
	}
	f := form{sel.resource, r.PathValue("version"), strings.Contains(r.Header.Get("Accept"), "as=PartialObjectMetadata")}
	if watch, _ := strconv.ParseBool(r.FormValue("watch")); watch {
		s.serveWatch(w, r, sel, f)
		return
	}
	list, version := s.store.list(sel)
	items := make([]map[string]any, len(list))
	for i, obj := range list {
		items[i] = f.item(obj)
	}
	kind, apiVersion := f.kind+"List", f.apiVersion(f.version)
	if f.partial {
		kind, apiVersion = "PartialObjectMetadataList", "meta.k8s.io/v1"
	}
	send(w, map[string]any{
		"kind": kind, "apiVersion": apiVersion, "metadata": map[string]any{"resourceVersion": versionText(version)}, "items": items,
	})
}

// serveWatch sends what changes until the client or the server goes away.
func (s *Server) serveWatch(w http.ResponseWriter, r *http.Request, sel *selection, f form) {
	after, _ := strconv.Atoi(r.FormValue("resourceVersion"))
	initial, _ := strconv.ParseBool(r.FormValue("sendInitialEvents"))
	pos, list, version := s.store.watch(sel, after, initial)
	defer s.store.unwatch(pos)

	w.Header().Set("Content-Type", "application/json")
	out, flush := json.NewEncoder(w), http.NewResponseController(w)
	for _, obj := range list {
		_ = out.Encode(map[string]any{"type": "ADDED", "object": f.object(obj)})
	}
	if initial { // the bookmark that ends the initial events
		end := &unstructured.Unstructured{Object: map[string]any{}}
		end.SetResourceVersion(versionText(version))
		end.SetAnnotations(map[string]string{metav1.InitialEventsAnnotationKey: "true"})
		_ = out.Encode(map[string]any{"type": "BOOKMARK", "object": f.object(end)})
	}
	for {
		events, more := s.store.next(pos)
		for _, e := range events {
			obj := f.object(e.object)
			obj["metadata"].(map[string]any)["resourceVersion"] = versionText(e.version)
			_ = out.Encode(map[string]any{"type": e.kind, "object": obj})
		}
		if flush.Flush() != nil {
			return
		}
		select {
		case <-more:
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		}
	}
}

// object writes an object that stands alone.
func (f *form) object(obj *unstructured.Unstructured) map[string]any {
	body := obj.DeepCopy().Object
	if f.partial {
		return map[string]any{"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": body["metadata"]}
	}
	body["kind"], body["apiVersion"] = f.kind, f.apiVersion(f.version)
	return body
}

// item writes an object of a list.
func (f *form) item(obj *unstructured.Unstructured) map[string]any {
	body := f.object(obj)
	if f.builtin() && !f.partial {
		delete(body, "kind")
		delete(body, "apiVersion")
	}
	return body
}
