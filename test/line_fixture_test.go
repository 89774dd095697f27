package test

import (
	"net"
	"sync"
	"sync/atomic"
)

// line is the network in front of a server.
type line struct {
	net.Listener

	mu    sync.Mutex
	state int
	conns map[*lineConn]bool // that are open
}

func newLine(l net.Listener) *line { return &line{Listener: l, conns: map[*lineConn]bool{}} }

// The states of a line.
const (
	whole  = iota
	cut    // connections end at once
	silent // connections carry nothing
)

// to changes the state of the line.
func (l *line) to(state int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state = state
	for c := range l.conns {
		switch state {
		case cut:
			c.Conn.Close()
		case silent:
			c.silent.Store(true)
		}
	}
}

// Accept implements net.Listener.
func (l *line) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &lineConn{Conn: conn, line: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns[c] = true
	switch l.state {
	case cut:
		conn.Close()
	case silent:
		c.silent.Store(true)
	}
	return c, nil
}

// lineConn is a connection over a line.
type lineConn struct {
	net.Conn
	line   *line
	silent atomic.Bool
}

// Read implements net.Conn. What comes over a silent connection is lost.
func (c *lineConn) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		if err != nil || !c.silent.Load() {
			return n, err
		}
	}
}

// Write implements net.Conn.
func (c *lineConn) Write(p []byte) (int, error) {
	if c.silent.Load() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// Close implements net.Conn.
func (c *lineConn) Close() error {
	c.line.mu.Lock()
	delete(c.line.conns, c)
	c.line.mu.Unlock()
	return c.Conn.Close()
}
