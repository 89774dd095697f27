package test

import (
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/k8s-gateway/k8s_gateway/internal/testcluster"
)

// proxy stands between CoreDNS and the API server: it sees what is asked for, and
// can be cut off.
type proxy struct {
	*httptest.Server
	down atomic.Bool

	mu       sync.Mutex
	requests []*url.URL
}

// newProxy starts a proxy for a cluster.
func newProxy(t *testing.T, to *testcluster.Cluster) *proxy {
	t.Helper()
	admin := to.Config()
	server, err := url.Parse(admin.Host)
	if err != nil {
		t.Fatal(err)
	}
	// Credentials are the client's.
	transport, err := rest.TransportFor(&rest.Config{Host: admin.Host, TLSClientConfig: rest.TLSClientConfig{CAData: admin.CAData}})
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{}
	forward := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(server) },
		Transport:     transport,
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0),
	}
	p.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.down.Load() {
			panic(http.ErrAbortHandler)
		}
		p.mu.Lock()
		p.requests = append(p.requests, r.URL)
		p.mu.Unlock()
		forward.ServeHTTP(w, r)
	}))
	p.Config.ErrorLog = log.New(io.Discard, "", 0)
	p.StartTLS()
	t.Cleanup(func() {
		p.CloseClientConnections()
		p.Close()
	})
	return p
}

// kubeconfig returns a kubeconfig for the proxy with a bearer token.
func (p *proxy) kubeconfig(t *testing.T, token string) string {
	t.Helper()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.Certificate().Raw})
	return writeKubeconfig(t, &api.Cluster{Server: p.URL, CertificateAuthorityData: ca}, &api.AuthInfo{Token: token})
}

// cut ends all connections and lets none through until mend.
func (p *proxy) cut() {
	p.down.Store(true)
	p.CloseClientConnections()
}

func (p *proxy) mend() { p.down.Store(false) }

// asked returns the requests so far.
func (p *proxy) asked() []*url.URL {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]*url.URL(nil), p.requests...)
}
