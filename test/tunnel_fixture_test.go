package test

import (
	"io"
	"net"
	"net/url"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// tunnel carries connections to the API server as they are, so that a client
// certificate gets through.
type tunnel struct {
	*line
	url string
}

func newTunnel(t *testing.T, to *testcluster.Cluster) *tunnel {
	t.Helper()
	server, err := url.Parse(to.Config().Host)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tun := &tunnel{newLine(listener), "https://" + listener.Addr().String()}
	t.Cleanup(func() {
		listener.Close()
		tun.to(cut)
	})
	go func() {
		for {
			conn, err := tun.Accept()
			if err != nil {
				return
			}
			go carry(conn, server.Host)
		}
	}()
	return tun
}

// carry joins a connection with a new one until either ends.
func carry(conn net.Conn, to string) {
	defer conn.Close()
	other, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	go func() {
		defer other.Close()
		_, _ = io.Copy(other, conn)
	}()
	_, _ = io.Copy(conn, other)
}
