package wording

import (
	"fmt"
	"time"
)

// Count returns a number of things as text, such as "1 name" or "2 names".
func Count(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// Elapsed returns the time since a moment, rounded for the log.
func Elapsed(since time.Time) time.Duration { return time.Since(since).Round(time.Millisecond) }
