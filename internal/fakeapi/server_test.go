package fakeapi

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: %s, labels: {app: %s}}
spec: {rules: [{host: %[1]s.example.com}]}
`

func start(t *testing.T) *Server {
	t.Helper()
	s, err := Start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func apply(t *testing.T, s *Server, name, app string) {
	t.Helper()
	if err := s.Apply(t.Context(), fmt.Appendf(nil, ingress, name, app)); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s *Server, path, accept string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.http.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", accept)
	reply, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, string(body)
}

func TestDiscoveryAndLists(t *testing.T) {
	s := start(t)
	if err := s.Serve("TLSRoute", "v1alpha3"); err != nil {
		t.Fatal(err)
	}
	apply(t, s, "web", "a")
	apply(t, s, "db", "b")
	for _, tc := range []struct {
		path, accept string
		code         int
		has          []string
	}{
		{"/apis", "", 200, []string{"networking.k8s.io/v1", "externaldns.k8s.io/v1alpha1"}},
		{"/api/v1", "", 200, []string{`"services"`, `"nodes"`}},
		{"/apis/gateway.networking.k8s.io/v1alpha3", "", 200, []string{`"tlsroutes"`}},
		{"/apis/gateway.networking.k8s.io/v1/tlsroutes", "", 404, []string{`"NotFound"`}},
		{"/apis/networking.k8s.io/v1/ingresses", "", 200, []string{`"IngressList"`, "web.example.com", "db.example.com"}},
		{"/apis/networking.k8s.io/v1/namespaces/other/ingresses", "", 200, []string{`"items":[]`}},
		{"/apis/networking.k8s.io/v1/ingresses?labelSelector=app%3Dc", "", 200, []string{`"items":[]`}},
		{"/apis/networking.k8s.io/v1/ingresses?fieldSelector=metadata.name%3Dnone", "", 200, []string{`"items":[]`}},
		{"/api/v1/namespaces", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", 200, []string{"PartialObjectMetadataList"}},
	} {
		code, body := get(t, s, tc.path, tc.accept)
		if code != tc.code {
			t.Errorf("%s: %d, want %d", tc.path, code, tc.code)
		}
		for _, text := range tc.has {
			if !strings.Contains(body, text) {
				t.Errorf("%s: %s\nwithout %s", tc.path, body, text)
			}
		}
	}
}

// A watch is told of what its selection has: an object that leaves the selection is deleted as far as it can see.
func TestWatch(t *testing.T) {
	s := start(t)
	apply(t, s, "web", "a")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		s.http.URL+"/apis/networking.k8s.io/v1/ingresses?watch=true&labelSelector=app%3Da&sendInitialEvents=true", nil)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	events := json.NewDecoder(bufio.NewReader(reply.Body))
	next := func(want string) {
		t.Helper()
		var e struct {
			Type   string
			Object struct{ Metadata struct{ Name string } }
		}
		if err := events.Decode(&e); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(e.Type + " " + e.Object.Metadata.Name); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	next("ADDED web")
	next("BOOKMARK")
	apply(t, s, "db", "b")
	apply(t, s, "db", "a")
	next("ADDED db")
	apply(t, s, "db", "a")
	next("MODIFIED db")
	apply(t, s, "web", "b")
	next("DELETED web")
	if err := s.Delete(t.Context(), fmt.Appendf(nil, ingress, "db", "a")); err != nil {
		t.Fatal(err)
	}
	next("DELETED db")

	ended := s.Ended()
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := ended(soon); err == nil {
		t.Error("a watch that is open has ended")
	}
	reply.Body.Close()
	if err := ended(t.Context()); err != nil {
		t.Error(err)
	}
}

// Settled waits for a client that has listed and does not watch yet.
func TestSettled(t *testing.T) {
	s := start(t)
	apply(t, s, "web", "a")
	if sent, err := s.Settled(t.Context()); err != nil || sent != 0 {
		t.Errorf("got %d objects sent, %v", sent, err)
	}
	get(t, s, "/apis/networking.k8s.io/v1/ingresses", "")
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Settled(soon); err == nil || !strings.Contains(err.Error(), "ingresses") {
		t.Errorf("got %v, want an error that names what is not watched", err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.http.URL+"/apis/networking.k8s.io/v1/ingresses?watch=true&resourceVersion=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	apply(t, s, "db", "a")
	if sent, err := s.Settled(t.Context()); err != nil || sent != 2 {
		t.Errorf("got %d objects sent, %v; want one of the list and one of the watch", sent, err)
	}
}
