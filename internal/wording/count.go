package wording

import (
	"fmt"
	"time"
)

// Count writes a number of things.
func Count(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// Elapsed returns the time since a moment, as the log has it.
func Elapsed(since time.Time) time.Duration { return time.Since(since).Round(time.Millisecond) }
