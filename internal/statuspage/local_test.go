package statuspage

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"testing"
)

// ask sends a request with a Host header to a server and returns the status.
func ask(t *testing.T, addr net.Addr, host string) int {
	t.Helper()
	conn, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	version := "1.1"
	if host == "" {
		version = "1.0" // where a host need not be said
	}
	fmt.Fprintf(conn, "GET / HTTP/%s\r\n", version)
	if host != "" {
		fmt.Fprintf(conn, "Host: %s\r\n", host)
	}
	fmt.Fprint(conn, "Connection: close\r\n\r\n")
	reply, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
	return reply.StatusCode
}

// listening returns a server at an address.
func listening(t *testing.T, source Source, address string) *Server {
	t.Helper()
	return listeningAfter(t, nil, source, address)
}

// listeningAfter returns a server that listens as after a reload, while the server from before the reload listens as well.
func listeningAfter(t *testing.T, before *Server, source Source, address string) *Server {
	t.Helper()
	s := New(source, t.Errorf)
	if err := s.Listen(address, before); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// A page on loopback is not for sites that have their own name point at it.
func TestHost(t *testing.T) {
	hosts := map[string]bool{
		"localhost": true, "LOCALHOST:9154": true, "127.0.0.1:9154": true, "127.1.2.3": true, "[::1]:9154": true, "[::1]": true,
		"[::ffff:127.0.0.1]:80": true,
		"rebind.example.net":    false, "rebind.example.net:9154": false, "localhost.example.net": false, "127.0.0.1.example.net": false,
		"192.0.2.1:9154": false, "0.0.0.0:9154": false, "[::]": false, "": false, "2130706433": false, "0x7f.1": false,
	}
	loopback, all := listening(t, web(), "127.0.0.1:0"), listening(t, web(), "0.0.0.0:0")
	port := all.Addr().(*net.TCPAddr).Port
	for host, ok := range hosts {
		want := http.StatusOK
		if !ok {
			want = http.StatusForbidden
		}
		if got := ask(t, loopback.Addr(), host); got != want {
			t.Errorf("on loopback, host %q: status %d", host, got)
		}
		if got := ask(t, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}, host); got != http.StatusOK {
			t.Errorf("on all interfaces, host %q: status %d", host, got)
		}
	}
}
