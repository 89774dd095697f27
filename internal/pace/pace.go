// Package pace has long work make way for queries.
package pace

import "time"

// Pace has work on a list or a transfer make way for queries: without, all that Go has of processors may be busy with it
// for as long as it may keep one (10 ms), again and again, and queries wait that long.
type Pace struct{ Since time.Time }

const (
	stretch = 500 * time.Microsecond
	pause   = 200 * time.Microsecond
)

// Yield pauses if work has gone on for long enough.
func (p *Pace) Yield() {
	if time.Since(p.Since) > stretch {
		time.Sleep(pause)
		p.Since = time.Now()
	}
}
