package test

import (
	"testing"
	"time"
)

// What a stream takes for right: an answer until the next one was seen, by when it
// was asked for, and nothing that was not announced.
func TestStreamTellsRightFromWrong(t *testing.T) {
	q := &steady{name: "web.example.", due: []answer{{want: "192.0.2.1"}}}
	say := func(want bool, sent time.Time, got string) {
		t.Helper()
		if q.right(sent, got) != want {
			t.Errorf("%s is right: %t, want %t", got, !want, want)
		}
	}
	say(true, time.Now(), "192.0.2.1")
	say(false, time.Now(), "NXDOMAIN")
	say(false, time.Now(), "192.0.2.2")

	q.due = append(q.due, answer{want: "192.0.2.2"})
	say(true, time.Now(), "192.0.2.1")
	if q.current() {
		t.Error("the change was seen before it was answered with")
	}
	before := time.Now()
	say(true, time.Now(), "192.0.2.2")
	if !q.current() {
		t.Error("the change was not seen when it was answered with")
	}
	say(true, before, "192.0.2.1") // asked before, and late
	say(false, time.Now(), "192.0.2.1")

	q.due = append(q.due, answer{want: "192.0.2.1"}) // and back
	say(true, time.Now(), "192.0.2.2")
	say(true, time.Now(), "192.0.2.1")
	say(false, time.Now(), "192.0.2.2")
}
