// Package pace lets long-running work pause, so that queries can run.
package pace

import "time"

// Pace pauses work on a list or a transfer now and then. Without it, such work could occupy every processor of the Go scheduler for its
// time slice of 10 ms, again and again, and queries would wait that long.
type Pace struct{ Since time.Time } // when the work began or was last paused

const (
	stretch = 500 * time.Microsecond // the duration of work between two pauses
	pause   = 200 * time.Microsecond // the duration of a pause
)

// Yield pauses if the work has lasted longer than a stretch.
func (p *Pace) Yield() {
	if time.Since(p.Since) > stretch {
		time.Sleep(pause)
		p.Since = time.Now()
	}
}
