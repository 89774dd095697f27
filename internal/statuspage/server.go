package statuspage

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/net/netutil"
)

const (
	connections = 128 // at a time; others wait to be accepted
	// parting is the time that requests in progress have to end during Shutdown.
	parting = 500 * time.Millisecond
)

// Server serves the page of a Source.
type Server struct {
	source Source
	views  *views
	busy   chan struct{} // holds one element for each request that is processed
	errorf func(format string, v ...any)
	fault  sync.Once

	listener net.Listener
	server   *http.Server
	running  sync.WaitGroup
	stop     sync.Once
}

// New returns a server that does not listen yet. It logs its first internal fault with errorf.
func New(source Source, errorf func(format string, v ...any)) *Server {
	return &Server{source: source, views: newViews(source), busy: make(chan struct{}, atOnce), errorf: errorf}
}

// Listen serves on an address as ParseAddress returns it, until Shutdown. before is the server that had the address before a
// reload, or nil: both accept connections from one socket until before is shut down. The socket has no SO_REUSEPORT, so nothing
// else can listen on the port, not even a server that sets that option, as those of CoreDNS do.
func (s *Server) Listen(address string, before *Server) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	l, err := before.share()
	if err != nil {
		l, err = net.Listen("tcp", address)
	}
	if err != nil {
		return err
	}
	handler := s.Handler()
	if at.Addr().IsLoopback() {
		handler = local(handler)
	}
	s.run(l, handler)
	return nil
}

// share returns another listener for the socket of a server. It fails if the server does not listen.
func (s *Server) share() (net.Listener, error) {
	if s == nil {
		return nil, net.ErrClosed
	}
	l, ok := s.listener.(*net.TCPListener)
	if !ok {
		return nil, net.ErrClosed
	}
	file, err := l.File()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return net.FileListener(file)
}

func (s *Server) run(l net.Listener, handler http.Handler) {
	s.listener = l
	s.server = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // errors of clients
	}
	s.running.Go(func() {
		if err := s.server.Serve(netutil.LimitListener(l, connections)); !errors.Is(err, http.ErrServerClosed) {
			s.errorf("status page: %v", err)
		}
	})
}

// Addr returns the address that the server listens on.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Shutdown stops listening. It waits for requests in progress, but closes their connections after a short time.
func (s *Server) Shutdown() (err error) {
	s.stop.Do(func() {
		if s.server != nil {
			err = s.close()
		}
		for range atOnce {
			s.busy <- struct{}{} // waits for the last request, and blocks others
		}
		s.views.stop()
	})
	return err
}

func (s *Server) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), parting)
	defer cancel()
	err := s.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.server.Close()
	}
	s.running.Wait()
	return err
}
