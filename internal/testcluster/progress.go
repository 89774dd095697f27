package testcluster

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// How often progress is told: a terminal shows one line that changes, anything
// else gets a new line now and then.
const (
	terminalInterval = 200 * time.Millisecond
	lineInterval     = 15 * time.Second
)

// progress tells how far some long work is.
type progress struct {
	w        io.Writer
	what     string
	start    time.Time
	terminal bool
	done     chan struct{}
	stopped  chan struct{}

	mu      sync.Mutex
	state   string // guarded by mu, like printed
	printed string // the state last told
}

func newProgress(w io.Writer, what string) *progress {
	p := &progress{
		w: w, what: what, start: time.Now(), terminal: isTerminal(w),
		done: make(chan struct{}), stopped: make(chan struct{}),
	}
	go p.run()
	return p
}

// set says how far the work is now.
func (p *progress) set(state string) {
	p.mu.Lock()
	first := p.state == ""
	p.state = state
	p.mu.Unlock()
	if first {
		p.print()
	}
}

// close ends the telling, with a last line if there is news.
func (p *progress) close() {
	close(p.done)
	<-p.stopped
	if p.state != p.printed {
		p.print()
	}
	if p.terminal {
		fmt.Fprintln(p.w)
	}
}

func (p *progress) run() {
	defer close(p.stopped)
	interval := lineInterval
	if p.terminal {
		interval = terminalInterval
	}
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			p.print()
		case <-p.done:
			return
		}
	}
}

func (p *progress) print() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.printed = p.state
	line := fmt.Sprintf("%s: %s, %s", p.what, p.state, time.Since(p.start).Round(time.Second))
	if p.terminal {
		fmt.Fprintf(p.w, "\r\x1b[K%s", line)
	} else {
		fmt.Fprintln(p.w, line)
	}
}

// isTerminal reports whether w is a terminal that understands escapes.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || strings.EqualFold(os.Getenv("TERM"), "dumb") {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
