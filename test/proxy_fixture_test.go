package test

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// proxy stands between CoreDNS and the API server: it sees what is asked for, and
// everything that can go wrong goes wrong there.
type proxy struct {
	*httptest.Server
	line *line

	mu          sync.Mutex
	certificate tls.Certificate
	requests    []*url.URL
	troubles    []*trouble
	open        map[*openWatch]bool
}

// openWatch is a watch that is open.
type openWatch struct {
	resource string
	stop     context.CancelFunc
	ends     bool // as it does when its time is over, not as if it broke
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
	config, err := rest.TLSConfigFor(&rest.Config{TLSClientConfig: rest.TLSClientConfig{CAData: admin.CAData}})
	if err != nil {
		t.Fatal(err)
	}
	// With a certificate of its own, because clients share connections to servers that look the same to them.
	p := &proxy{open: map[*openWatch]bool{}, certificate: newCertificate(t)}
	forward := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(server) },
		// Connections that are kept would look like CoreDNS's own to who counts goroutines.
		Transport:     &http.Transport{TLSClientConfig: config, DisableKeepAlives: true},
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0),
	}
	p.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.note(r)
		p.troubled(func(w http.ResponseWriter, r *http.Request) { p.forward(forward, w, r) }, r)(w, r)
	}))
	p.line = newLine(p.Listener)
	p.Listener = p.line
	p.Config.ErrorLog = log.New(io.Discard, "", 0)
	p.TLS = &tls.Config{GetConfigForClient: p.presented}
	p.EnableHTTP2 = true // as API servers have it: all watches share a connection
	p.StartTLS()
	t.Cleanup(func() {
		p.heal()
		p.line.to(cut) // silent connections too
		p.Close()
	})
	return p
}

// note remembers a request.
func (p *proxy) note(r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests = append(p.requests, r.URL)
}

// forward passes a request on. A watch is known while it is open.
func (p *proxy) forward(to http.Handler, w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("watch") == "" {
		to.ServeHTTP(w, r)
		return
	}
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	this := &openWatch{resource: resource(r), stop: stop}
	p.mu.Lock()
	p.open[this] = true
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.open, this)
		if this.ends {
			_ = recover() // http.ErrAbortHandler, by which a proxy breaks off
		}
	}()
	to.ServeHTTP(w, r.WithContext(ctx))
}

// watches returns the resources that are watched, in order, and one that is
// watched twice two times.
func (p *proxy) watches() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []string
	for w := range p.open {
		list = append(list, w.resource)
	}
	slices.Sort(list)
	return list
}

// cutWatches breaks all watches off, and no connection.
func (p *proxy) cutWatches() { p.stopWatches(false) }

// endWatches ends all watches in the way of API servers, which do so every few
// minutes.
func (p *proxy) endWatches() { p.stopWatches(true) }

func (p *proxy) stopWatches(end bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for w := range p.open {
		w.ends = end
		w.stop()
	}
}

// present has the proxy show another certificate from now on.
func (p *proxy) present(certificate tls.Certificate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.certificate = certificate
}

func (p *proxy) presented(*tls.ClientHelloInfo) (*tls.Config, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return &tls.Config{Certificates: []tls.Certificate{p.certificate}, NextProtos: []string{"h2"}}, nil
}

// ca returns the certificate of the proxy.
func (p *proxy) ca() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.certificate.Certificate[0]})
}

// kubeconfig returns a kubeconfig for the proxy with a bearer token.
func (p *proxy) kubeconfig(t *testing.T, token string) string {
	t.Helper()
	return writeKubeconfig(t, &api.Cluster{Server: p.URL, CertificateAuthorityData: p.ca()}, &api.AuthInfo{Token: token})
}

// cut ends all connections and lets none through until mend.
func (p *proxy) cut() { p.line.to(cut) }

// silence has the connections there are carry nothing any more, for good, and
// new ones until mend. Nobody is told.
func (p *proxy) silence() { p.line.to(silent) }

func (p *proxy) mend() { p.line.to(whole) }

// asked returns the requests so far.
func (p *proxy) asked() []*url.URL {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}
