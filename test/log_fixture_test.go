package test

import (
	"log"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// logged is what CoreDNS logs during a test, that of tests beside it included.
type logged struct {
	mu  sync.Mutex
	all strings.Builder
}

// listeners are the tests that listen to the log now.
var listeners struct {
	mu  sync.Mutex
	all map[*logged]bool
}

func init() { log.SetOutput(tee{}) }

// newLogged listens to the log until the end of the test.
func newLogged(t *testing.T) *logged {
	l := &logged{}
	listeners.mu.Lock()
	defer listeners.mu.Unlock()
	if listeners.all == nil {
		listeners.all = map[*logged]bool{}
	}
	listeners.all[l] = true
	t.Cleanup(func() {
		listeners.mu.Lock()
		defer listeners.mu.Unlock()
		delete(listeners.all, l)
	})
	return l
}

// tee hands the log to standard error and to whoever listens.
type tee struct{}

func (tee) Write(p []byte) (int, error) {
	listeners.mu.Lock()
	list := slices.Collect(maps.Keys(listeners.all))
	listeners.mu.Unlock()
	for _, l := range list {
		l.mu.Lock()
		l.all.Write(p)
		l.mu.Unlock()
	}
	return os.Stderr.Write(p)
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

// once fails the test unless one line has all of some parts in it.
func (l *logged) once(t *testing.T, parts ...string) {
	t.Helper()
	if lines := l.lines(parts...); len(lines) != 1 {
		t.Errorf("%d lines with %q, want one: %q", len(lines), parts, lines)
	}
}

// noneTwice fails the test if two lines with some part in them say the same, whatever
// the details that follow.
func (l *logged) noneTwice(t *testing.T, part string) {
	t.Helper()
	said := map[string]bool{}
	for _, line := range l.lines(part) {
		_, level, _ := strings.Cut(line, "[")
		level, _, _ = strings.Cut(level, "]")
		_, message, _ := strings.Cut(line, part+": ")
		parts := strings.SplitN(message, ": ", 3)
		message = level + " " + strings.Join(parts[:min(len(parts), 2)], ": ")
		if said[message] {
			t.Errorf("said twice: %s", message)
		}
		said[message] = true
	}
}

// never fails the test if there is one of some secrets in the log.
func (l *logged) never(t *testing.T, secrets []string) {
	t.Helper()
	for _, secret := range secrets {
		if lines := l.lines(secret); len(lines) > 0 {
			t.Errorf("a secret in the log: %q", lines)
		}
	}
}
