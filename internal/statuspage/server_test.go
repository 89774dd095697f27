package statuspage

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coredns/coredns/plugin/pkg/reuseport"
)

// pipes is a listener whose connections never leave the process, so that a test can have its own time.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial() net.Conn {
	client, server := net.Pipe()
	go func() {
		select {
		case p.conns <- server:
		case <-p.closed:
			server.Close()
		}
	}()
	return client
}

// over returns how long it takes until the server closes a connection.
func over(conn net.Conn) time.Duration {
	began := time.Now()
	io.Copy(io.Discard, conn)
	return time.Since(began)
}

// Whoever is slow to ask, or asks for nothing more, is let go.
func TestSlowClients(t *testing.T) {
	for sends, want := range map[string]time.Duration{
		"":                   5 * time.Second,
		"GET / HTTP/1.1\r\n": 5 * time.Second,
		"GET / HTTP/1.1\r\nHost: localhost\r\nX: ":                                   5 * time.Second,
		"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n":                                  60 * time.Second,
		"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345":       10 * time.Second,
		"GET / HTTP/1.1\r\nHost: localhost\r\n" + strings.Repeat("X: y\r\n", 10_000): 0,
		"GET /?" + strings.Repeat("x", 100_000):                                      0,
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newPipes()
			s := New(web(), t.Errorf)
			s.run(l, s.Handler())
			conn := l.dial()
			go io.WriteString(conn, sends)
			if took := over(conn); took < want || took > want+time.Second {
				t.Errorf("%.40q is let go after %s, want %s", sends, took, want)
			}
			conn.Close()
			if err := s.Shutdown(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Whoever does not read what was asked for is let go, and keeps nobody from being served in the meantime.
func TestClientsThatDoNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		s := New(web(), t.Errorf)
		s.run(l, s.Handler())
		var idle []net.Conn
		for range 2 * atOnce {
			conn := l.dial()
			io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
			idle = append(idle, conn)
		}
		synctest.Wait()
		began := time.Now()
		conn := l.dial()
		io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
		if reply, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil || reply.StatusCode != http.StatusOK || time.Since(began) > 0 {
			t.Errorf("others are kept waiting: %v, %v, %s", reply, err, time.Since(began))
		}
		conn.Close()
		time.Sleep(30*time.Second + time.Millisecond)
		for _, conn := range idle {
			if _, err := io.WriteString(conn, "x"); err == nil {
				t.Error("is not let go")
			}
			conn.Close()
		}
		if err := s.Shutdown(); err != nil {
			t.Error(err)
		}
	})
}

// More connections than there is room for wait until others end.
func TestConnectionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		s := New(web(), t.Errorf)
		s.run(l, s.Handler())
		for range connections {
			defer l.dial().Close()
		}
		synctest.Wait()
		began := time.Now()
		conn := l.dial()
		defer conn.Close()
		io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
		if _, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil {
			t.Error(err)
		}
		if waited := time.Since(began); waited < 4*time.Second || waited > 6*time.Second { // until one of the others is let go
			t.Errorf("waited %s", waited)
		}
		s.Shutdown()
	})
}

// goroutines returns the stacks of those that are in this package.
func goroutines() (list []string) {
	buf := make([]byte, 1<<20)
	for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(stack, "/statuspage.") && !strings.Contains(stack, "testing.tRunner") || strings.Contains(stack, "net/http.(*Server)") {
			list = append(list, stack)
		}
	}
	return list
}

// R5: a reload leaves nothing behind, whatever clients are connected.
func TestShutdownLeavesNothing(t *testing.T) {
	s := New(web(), t.Errorf)
	if err := s.Listen("127.0.0.1:0", nil); err != nil {
		t.Fatal(err)
	}
	silent, err := net.Dial("tcp", s.Addr().String()) // as browsers keep one in reserve
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	reply, err := client.Get("http://" + s.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, reply.Body)
	reply.Body.Close()
	if len(goroutines()) == 0 {
		t.Fatal("no goroutine is seen while the server runs")
	}
	began := time.Now()
	for range 2 { // once is enough
		if err := s.Shutdown(); err != nil {
			t.Error(err)
		}
	}
	if took := time.Since(began); took > parting+2*time.Second {
		t.Errorf("took %s", took)
	}
	for deadline := time.Now().Add(10 * time.Second); len(goroutines()) > 0; runtime.Gosched() { // connections end on their own
		if time.Now().After(deadline) {
			t.Fatalf("left:\n%s", strings.Join(goroutines(), "\n\n"))
		}
	}
	if _, err := net.Dial("tcp", s.Addr().String()); err == nil {
		t.Error("still listening")
	}
}

// A request that is under way when the server ends is answered if that is soon, and is waited for anyhow.
func TestShutdownWaits(t *testing.T) {
	for cost, answered := range map[time.Duration]bool{parting / 2: true, 3 * parting: false} {
		synctest.Test(t, func(t *testing.T) {
			l, source := newPipes(), web()
			source.explain = func(string) Explanation { time.Sleep(cost); return Explanation{} }
			s := New(source, t.Errorf)
			s.run(l, s.Handler())
			conn, began := l.dial(), time.Now()
			io.WriteString(conn, "GET /?q=web.example.com HTTP/1.1\r\nHost: localhost\r\n\r\n")
			result := make(chan bool, 1)
			go func() {
				_, err := http.ReadResponse(bufio.NewReader(conn), nil)
				conn.Close()
				result <- err == nil
			}()
			synctest.Wait()
			if err := s.Shutdown(); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took < cost {
				t.Errorf("ended after %s, with a source at work that takes %s", took, cost)
			}
			if got := <-result; got != answered {
				t.Errorf("cost %s: answered %t", cost, got)
			}
		})
	}
}

// R5: on a reload the next one listens before the last one ends.
func TestReload(t *testing.T) {
	old := listening(t, web(), "127.0.0.1:0")
	next := listeningAfter(t, old, many(3), "127.0.0.1:0")
	if err := old.Shutdown(); err != nil {
		t.Error(err)
	}
	reply, err := http.Get("http://" + next.Addr().String() + "/records.json")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if body, _ := io.ReadAll(reply.Body); !strings.Contains(string(body), `"total":3`) {
		t.Errorf("answered by another: %.300s", body)
	}
}

func TestListenFails(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	shared, err := reuseport.Listen("tcp", "127.0.0.1:0") // as the DNS servers of CoreDNS listen
	if err != nil {
		t.Fatal(err)
	}
	defer shared.Close()
	for _, address := range []string{taken.Addr().String(), shared.Addr().String(), "192.0.2.1:0", "localhost", ""} {
		s := New(web(), t.Errorf)
		if err := s.Listen(address, nil); err == nil {
			t.Errorf("%s: no error", address)
		}
		if err := s.Shutdown(); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// Many clients at a time are served.
func TestManyClients(t *testing.T) {
	source := web()
	s := listening(t, source, "127.0.0.1:0")
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 100}}
	defer client.CloseIdleConnections()
	var clients sync.WaitGroup
	for i := range 300 {
		clients.Go(func() {
			reply, err := client.Get(fmt.Sprintf("http://%s/?q=web&page=%d", s.Addr(), 1+i%3))
			if err != nil {
				t.Error(err)
				return
			}
			defer reply.Body.Close()
			if _, err := io.Copy(io.Discard, reply.Body); err != nil || reply.StatusCode != http.StatusOK {
				t.Errorf("status %d, %v", reply.StatusCode, err)
			}
		})
	}
	clients.Wait()
	if n := source.taken.Load(); n > 30 {
		t.Errorf("taken %d times", n)
	}
}
