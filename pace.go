package gateway

import "time"

// pace has work on a list or a transfer make way for queries: without, all that Go has of processors may be busy with it
// for as long as it may keep one (10 ms), again and again, and queries wait that long.
type pace struct{ since time.Time }

const (
	stretch = 500 * time.Microsecond
	pause   = 200 * time.Microsecond
)

func (p *pace) keep() {
	if time.Since(p.since) > stretch {
		time.Sleep(pause)
		p.since = time.Now()
	}
}
