package zone

import (
	"sync"
	"sync/atomic"
	"time"
)

// Serial is the SOA serial of a zone (RFC 1034 section 4.3.5, compared as RFC 1982 says). It is the
// time of the last change in seconds. Changes within one second share it, running at most one second
// ahead of the clock; what came too late for that moves the serial as soon as the clock allows.
type Serial struct {
	mu      sync.Mutex // held to change the two below
	Value   atomic.Uint32
	Pending atomic.Bool // there was a change that value does not show yet
}

// Start begins with the time in seconds.
func (s *Serial) Start(now time.Time) { s.Value.Store(uint32(now.Unix())) }

// Follow goes on from another serial, if that is ahead.
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

// At returns the serial.
func (s *Serial) At(now time.Time) uint32 {
	if s.Pending.Load() {
		s.Bump(now)
	}
	return s.Value.Load()
}
