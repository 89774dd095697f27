package zone

import (
	"sync"
	"sync/atomic"
	"time"
)

// Serial is the SOA serial of a zone (RFC 1034 section 4.3.5, compared as in RFC 1982): the time of the last change, in seconds. A
// second change within the same second moves it one second ahead of the clock. Further changes are pending until the clock has caught
// up, and then move it. Touched (zone.go) determines the zones whose serials a change moves.
type Serial struct {
	mu      sync.Mutex // held while Value and Pending are changed
	Value   atomic.Uint32
	Pending atomic.Bool // there was a change that Value does not show yet
}

// Start sets the serial to a time.
func (s *Serial) Start(now time.Time) { s.Value.Store(uint32(now.Unix())) }

// Follow sets the serial to another value, if that is ahead of it.
func (s *Serial) Follow(value uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if int32(value-s.Value.Load()) > 0 {
		s.Value.Store(value)
	}
}

// Bump records a change.
func (s *Serial) Bump(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clock, value := uint32(now.Unix()), s.Value.Load()
	switch ahead := int32(value - clock); {
	case ahead < 0:
		s.Value.Store(clock)
		s.Pending.Store(false)
	case ahead == 0:
		s.Value.Store(value + 1)
		s.Pending.Store(false)
	default:
		s.Pending.Store(true)
	}
}

// At returns the serial at a time. If a change is pending, At first tries to move the serial.
func (s *Serial) At(now time.Time) uint32 {
	if s.Pending.Load() {
		s.Bump(now)
	}
	return s.Value.Load()
}
