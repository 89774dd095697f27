package test

import (
	"io"
	"log"
	"strings"
	"sync"
	"testing"
)

// logged is what CoreDNS logs during a test.
type logged struct {
	mu  sync.Mutex
	all strings.Builder
}

// newLogged listens to the log until the end of the test.
func newLogged(t *testing.T) *logged {
	l := &logged{}
	before := log.Writer()
	log.SetOutput(io.MultiWriter(before, l))
	t.Cleanup(func() { log.SetOutput(before) })
	return l
}

// Write implements io.Writer.
func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

// lines returns the lines that have all of some parts in them.
func (l *logged) lines(parts ...string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []string
lines:
	for line := range strings.Lines(l.all.String()) {
		for _, part := range parts {
			if !strings.Contains(line, part) {
				continue lines
			}
		}
		found = append(found, line)
	}
	return found
}
