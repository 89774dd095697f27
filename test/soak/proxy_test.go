package soak

import (
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"

	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// proxy stands between CoreDNS and the API server, and can be cut off.
type proxy struct {
	listener net.Listener
	to       string
	running  sync.WaitGroup

	mu    sync.Mutex
	down  bool
	conns map[net.Conn]bool // both ends
}

// newProxy starts a proxy for a cluster.
func newProxy(t *testing.T, cluster *testcluster.Cluster) *proxy {
	t.Helper()
	host, err := url.Parse(cluster.Config().Host)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: listener, to: host.Host, conns: map[net.Conn]bool{}}
	p.running.Go(p.accept)
	t.Cleanup(func() {
		listener.Close()
		p.cut()
		p.running.Wait()
	})
	return p
}

func (p *proxy) accept() {
	for {
		from, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.running.Go(func() { p.serve(from) })
	}
}

// serve copies what comes from either end to the other, until one of them closes.
func (p *proxy) serve(from net.Conn) {
	defer p.drop(from)
	if !p.keep(from) {
		return
	}
	to, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	defer p.drop(to)
	if !p.keep(to) {
		return
	}
	p.running.Go(func() {
		_, _ = io.Copy(to, from)
		p.drop(to)
	})
	_, _ = io.Copy(from, to)
}

// keep notes a connection that a cut ends, if there is none.
func (p *proxy) keep(conn net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.down {
		p.conns[conn] = true
	}
	return !p.down
}

func (p *proxy) drop(conn net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, conn)
	conn.Close()
}

// cut ends all connections and lets none through until mend.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = true
	for conn := range p.conns {
		conn.Close()
	}
}

func (p *proxy) mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = false
}

// kubeconfig writes the administrator's kubeconfig, by way of the proxy, and returns where.
func (p *proxy) kubeconfig(t *testing.T, cluster *testcluster.Cluster) string {
	t.Helper()
	admin := cluster.Config()
	server := &api.Cluster{Server: "https://" + p.listener.Addr().String(), CertificateAuthorityData: admin.CAData}
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := testcluster.WriteKubeconfig(file, server, &api.AuthInfo{Token: admin.BearerToken}); err != nil {
		t.Fatal(err)
	}
	return file
}
