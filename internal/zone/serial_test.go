package zone

import (
	"testing"
	"time"
)

func TestSerial(t *testing.T) {
	for _, start := range []uint32{1_800_000_000, 1<<31 - 2, 1<<32 - 3} {
		var s Serial
		clock := time.Unix(int64(start), 0)
		s.Start(clock)
		last, owed := s.At(clock), false // a change that the serial has not shown yet
		for step, changes := range []int{0, 1, 3, 0, 0, 2, 1, 1, 0} {
			clock = clock.Add(time.Second)
			for range changes {
				s.Bump(clock)
			}
			now := s.At(clock)
			if ahead := int32(now - uint32(clock.Unix())); ahead > 1 {
				t.Errorf("start %d, step %d: %d s ahead of the clock", start, step, ahead)
			}
			switch moved := int32(now - last); {
			case moved < 0:
				t.Errorf("start %d, step %d: went back from %d to %d", start, step, last, now)
			case moved == 0 && (changes > 0 || owed):
				t.Errorf("start %d, step %d: did not move from %d", start, step, last)
			case moved > 0 && changes == 0 && !owed:
				t.Errorf("start %d, step %d: moved by itself from %d to %d", start, step, last, now)
			}
			last, owed = now, s.Pending.Load()
		}
	}
}

func TestSerialLate(t *testing.T) {
	var s Serial
	clock := time.Unix(1_800_000_000, 0)
	s.Start(clock)
	for range 5 {
		s.Bump(clock)
	}
	if got := s.At(clock); got != 1_800_000_001 {
		t.Errorf("after five changes in a second: %d", got)
	}
	clock = clock.Add(time.Second)
	late := s.At(clock)
	if late != 1_800_000_002 {
		t.Errorf("a second later: %d", late)
	}
	if got := s.At(clock.Add(time.Hour)); got != late {
		t.Errorf("moved by itself: %d", got)
	}
	s.Bump(clock.Add(time.Hour))
	if got := s.At(clock.Add(time.Hour)); got != late+3600-1 {
		t.Errorf("an hour later: %d", got)
	}
}
