package kube_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/miekg/dns"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// R2: what something in front of the API server answers is not its word that a kind is absent or forbidden: no name
// must go away, and none be denied, for that.
func TestNotTheAPIServersWord(t *testing.T) {
	plain := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "from a proxy", code) }
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
		{"403 with a reason", fixture.StatusAnswer(403, metav1.StatusReasonForbidden), true, true, true},
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
		c := &kube.Cluster{}
		c.Conn.Store(&kube.Connection{Config: &rest.Config{Host: server.URL}, HTTP: server.Client()})
		r := kube.Custom(kube.GatewayAPI, "httproutes")
		lw, err := c.ListWatch(r, fixture.New(t, "resources HTTPRoute").Informers()[0].Reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = lw.ListWithContext(context.Background(), metav1.ListOptions{})
		if err == nil {
			t.Fatalf("%s: no error", tc.what)
		}
		err = c.Verify(context.Background(), r, err)
		if got := !errors.Is(err, kube.ErrNotAPIServer); got != tc.theirs {
			t.Errorf("%s: taken for the API server's word: %t, want %t (%v)", tc.what, got, tc.theirs, err)
		}
		if !tc.theirs && !kube.IsTransient(err) {
			t.Errorf("%s: not tried again", tc.what)
		}
		server.Close()
	}
}

// R9: where the API server's lists of groups and resources must not be read, a kind that is not served is absent all the
// same: negatives are certain, and the log says why. One that is served is found in its version.
func TestAbsentWithoutDiscovery(t *testing.T) {
	s := fixture.NewAPI(t)
	forbidden := fixture.StatusAnswer(http.StatusForbidden, metav1.StatusReasonForbidden)
	for _, path := range []string{"apis", "api", "v1", "v1alpha2", "v1alpha3"} {
		s.On(path, forbidden, nil)
	}
	s.On("ingresses", fixture.Sends(fixture.JsonList("Ingress", "1")), nil)
	s.On("gateways", fixture.Sends(fixture.JsonList("Gateway", "9", fixture.SentJSON(t, fixture.Edge("{name: tls, port: 443, protocol: TLS, allowedRoutes: {namespaces: {from: All}}}"), "1"))), nil)
	s.On("tlsroutes", func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, "/v1alpha3/") {
			http.NotFound(w, r)
			return
		}
		fixture.Sends(fixture.JsonList("TLSRoute", "9", fixture.SentJSON(t, fixture.ARouteTo("TLSRoute", "shop/tls", fixture.ToGateway, "tls.example.com"), "2")))(w, r)
	}, nil)
	var f *fixture.Stanza
	said := fixture.Logged(t, func() {
		f = fixture.NewUnlisted(t, "resources HTTPRoute Ingress TLSRoute TCPRoute")
		f.Clusters[0].EndGrace()
		s.Run(f)
		s.Await(f)
	})
	f.Ask(fixture.NXDomain("nowhere.example.com.", dns.TypeA), fixture.A("tls.example.com.", "192.0.2.1"))
	for _, kind := range []string{"HTTPRoute", "TCPRoute"} {
		if n := strings.Count(said, kind+": not served by the API server"); n != 1 {
			t.Errorf("%s: said %d times: %s", kind, n, said)
		}
	}
}

// R9: what something in front of the API server answers takes no name away, also where the lists of groups and resources
// must not be read.
func TestProxyWithoutDiscovery(t *testing.T) {
	s := fixture.NewAPI(t)
	forbidden := fixture.StatusAnswer(http.StatusForbidden, metav1.StatusReasonForbidden)
	for _, path := range []string{"apis", "api", "v1"} {
		s.On(path, forbidden, nil)
	}
	r := kube.Custom(kube.GatewayAPI, "httproutes")
	c := &kube.Cluster{}
	c.Conn.Store(&kube.Connection{Config: &rest.Config{Host: s.URL}, HTTP: s.Client()})
	lacks := func(want bool, what string) {
		t.Helper()
		if c.Lacks(t.Context(), r) != want {
			t.Errorf("%s: absent %t, want %t", what, !want, want)
		}
	}
	lacks(false, "404 for Ingresses too")
	s.On("ingresses", fixture.StatusAnswer(http.StatusServiceUnavailable, metav1.StatusReasonServiceUnavailable), nil)
	lacks(false, "503 for Ingresses")
	s.On("ingresses", forbidden, nil)
	lacks(true, "403 for Ingresses")
	s.On("httproutes", forbidden, nil)
	lacks(false, "403 for HTTPRoutes")
	s.On("httproutes", fixture.Sends(fixture.JsonList("HTTPRoute", "1")), nil)
	lacks(false, "HTTPRoutes")
	s.On("httproutes", nil, nil)
	s.On("apis", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "from a proxy", http.StatusForbidden) }, nil)
	lacks(false, "403 of a proxy")
}
