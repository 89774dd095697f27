package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// R2: what something in front of the API server answers is not its word that a kind is absent or forbidden: no name
// must go away, and none be denied, for that.
func TestNotTheAPIServersWord(t *testing.T) {
	plain := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "from a proxy", code) }
	}
	status := func(code int32, reason metav1.StatusReason) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(int(code))
			_ = json.NewEncoder(w).Encode(metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: "Failure", Reason: reason, Code: code})
		}
	}
	for _, tc := range []struct {
		what      string
		list      http.HandlerFunc
		discovery bool // it answers as an API server does
		served    bool // and has the kind
		theirs    bool // the API server's word
	}{
		{"404, and discovery does not have it", plain(404), true, false, true},
		{"404, but discovery has it", plain(404), true, true, false},
		{"404 for everything", plain(404), false, false, false},
		{"403 with a reason", status(403, metav1.StatusReasonForbidden), true, true, true},
		{"403 of something else", plain(403), true, true, false},
	} {
		mux := http.NewServeMux()
		mux.HandleFunc("/apis/gateway.networking.k8s.io/v1/httproutes", tc.list)
		if tc.discovery {
			answer := func(path string, v any) {
				mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					_ = json.NewEncoder(w).Encode(v)
				})
			}
			answer("/api", metav1.APIVersions{TypeMeta: metav1.TypeMeta{Kind: "APIVersions"}, Versions: []string{"v1"}})
			answer("/apis", metav1.APIGroupList{TypeMeta: metav1.TypeMeta{Kind: "APIGroupList", APIVersion: "v1"}, Groups: []metav1.APIGroup{{Name: "networking.k8s.io"}}})
			if tc.served {
				answer("/apis/gateway.networking.k8s.io/v1", metav1.APIResourceList{TypeMeta: metav1.TypeMeta{Kind: "APIResourceList", APIVersion: "v1"}, APIResources: []metav1.APIResource{{Name: "httproutes"}}})
			}
		}
		server := httptest.NewServer(mux)
		c := &cluster{}
		c.codecs, _ = newCodecs()
		c.conn.Store(&connection{&rest.Config{Host: server.URL}, server.Client()})
		r := custom(gatewayAPI, "httproutes")
		lw, err := c.listWatch(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = lw.ListWithContext(context.Background(), metav1.ListOptions{})
		if err == nil {
			t.Fatalf("%s: no error", tc.what)
		}
		err = c.verify(context.Background(), r, err)
		if got := !errors.Is(err, errElsewhere); got != tc.theirs {
			t.Errorf("%s: taken for the API server's word: %t, want %t (%v)", tc.what, got, tc.theirs, err)
		}
		if !tc.theirs && !passes(err) {
			t.Errorf("%s: not tried again", tc.what)
		}
		server.Close()
	}
}
