package kube

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// discovering is a cluster whose API server serves some resources of the Gateway API, by version.
func discovering(t *testing.T, served map[string][]string) *Cluster {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		version := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		plurals, ok := served[version]
		if !ok {
			http.NotFound(w, r)
			return
		}
		list := metav1.APIResourceList{TypeMeta: metav1.TypeMeta{Kind: "APIResourceList", APIVersion: "v1"}, GroupVersion: "gateway.networking.k8s.io/" + version}
		for _, plural := range plurals {
			list.APIResources = append(list.APIResources, metav1.APIResource{Name: plural, Namespaced: true})
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(list)
	}))
	t.Cleanup(server.Close)
	c := &Cluster{}
	c.Conn.Store(&Connection{Config: &rest.Config{Host: server.URL}, HTTP: server.Client()})
	return c
}

// G7: the version is the first of a kind's that the cluster serves, kind by kind.
func TestServedVersion(t *testing.T) {
	for _, tc := range []struct {
		served map[string][]string
		want   map[string]string // no version is none
	}{
		{map[string][]string{"v1": {"httproutes", "gateways"}, "v1alpha2": {"tlsroutes", "tcproutes"}},
			map[string]string{"tlsroutes": "v1alpha2", "tcproutes": "v1alpha2", "udproutes": ""}},
		{map[string][]string{"v1": {"tlsroutes", "udproutes"}, "v1alpha2": {"tlsroutes", "tcproutes", "udproutes"}, "v1alpha3": {"tlsroutes"}},
			map[string]string{"tlsroutes": "v1", "tcproutes": "v1alpha2", "udproutes": "v1"}},
		{map[string][]string{"v1": {}, "v1alpha2": {"tlsroutes"}, "v1alpha3": {"tlsroutes", "tcproutes"}},
			map[string]string{"tlsroutes": "v1alpha3", "tcproutes": ""}},
		{map[string][]string{"v1alpha3": {"tlsroutes"}}, map[string]string{"tlsroutes": "v1alpha3", "tcproutes": ""}},
		{map[string][]string{}, map[string]string{"tlsroutes": "", "udproutes": ""}},
	} {
		c := discovering(t, tc.served)
		for plural, want := range tc.want {
			others := []string{"v1alpha2"}
			if plural == "tlsroutes" {
				others = []string{"v1alpha3", "v1alpha2"}
			}
			r, err := c.ServedVersion(t.Context(), Custom(GatewayAPI, plural, others...))
			switch {
			case want == "" && !apierrors.IsNotFound(err):
				t.Errorf("%s of %v: %v, %v, want not found", plural, tc.served, r, err)
			case want != "" && (err != nil || r.Version != want):
				t.Errorf("%s of %v: %v, %v, want %s", plural, tc.served, r, err, want)
			}
		}
	}
}

// G7: kinds that have one version are asked for without discovery.
func TestServedVersionOfOne(t *testing.T) {
	c := &Cluster{}
	for _, plural := range []string{"httproutes", "grpcroutes", "gateways", "listenersets"} {
		if r, err := c.ServedVersion(t.Context(), Custom(GatewayAPI, plural)); err != nil || r.Version != "v1" {
			t.Errorf("%s: %v, %v", plural, r, err)
		}
	}
}
