package main

import (
	"slices"
	"strings"
	"testing"
)

const events = `
{"Action":"start","Package":"x/a"}
{"Action":"output","Package":"x/a","Test":"TestOK","Output":"=== RUN   TestOK\n"}
{"Action":"output","Package":"x/a","Test":"TestOK","Output":"noise\n"}
{"Action":"pass","Package":"x/a","Test":"TestOK"}
{"Action":"output","Package":"x/a","Output":"ok  \tx/a\t0.1s\n"}
{"Action":"pass","Package":"x/a"}
{"Action":"output","Package":"x/b","Test":"TestOK","Output":"noise\n"}
{"Action":"pass","Package":"x/b","Test":"TestOK"}
{"Action":"output","Package":"x/b","Test":"TestBad","Output":"reason\n"}
{"Action":"fail","Package":"x/b","Test":"TestBad"}
{"Action":"skip","Package":"x/b","Test":"TestSkipped"}
{"Action":"output","Package":"x/b","Output":"FAIL\tx/b\t0.1s\n"}
{"Action":"fail","Package":"x/b"}
{"Action":"build-output","ImportPath":"x/c","Output":"c.go:1:1: undefined: y\n"}
{"Action":"fail","Package":"x/c","FailedBuild":"x/c"}
{"Action":"output","Package":"x/d","Test":"TestPanics","Output":"panic: boom\n"}
{"Action":"fail","Package":"x/d"}
{"Action":"skip","Package":"x/e"}
go: a line that is no event
`

const report = `ok  	x/a	0.1s
reason
FAIL	x/b	0.1s
c.go:1:1: undefined: y
panic: boom
go: a line that is no event
failed: x/b TestBad
skipped: x/b TestSkipped
failed: x/c
failed: x/d
2 passed, 3 failed
`

func TestSummary(t *testing.T) {
	var sum summary
	var out strings.Builder
	if err := sum.read(strings.NewReader(strings.TrimPrefix(events, "\n")), &out); err != nil {
		t.Fatal(err)
	}
	sum.print(&out)
	if got := out.String(); got != report {
		t.Errorf("got:\n%s\nwant:\n%s", got, report)
	}
}

// A test that needs to run without the race detector is skipped in one pass and runs in the next.
func TestPassesAreCountedTogether(t *testing.T) {
	var sum summary
	var out strings.Builder
	for _, pass := range []string{
		`{"Action":"pass","Package":"x/a","Test":"TestOK"}
{"Action":"skip","Package":"x/a","Test":"TestAllocs"}
{"Action":"skip","Package":"x/a","Test":"TestHeap"}`,
		`{"Action":"pass","Package":"x/a","Test":"TestAllocs"}`,
	} {
		if err := sum.read(strings.NewReader(pass), &out); err != nil {
			t.Fatal(err)
		}
	}
	sum.print(&out)
	if got, want := out.String(), "skipped: x/a TestHeap\n2 passed, 0 failed\n"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestPassesAreSplitAtDashes(t *testing.T) {
	got := passesOf(strings.Fields("-race ./... -- -run TestHeap ."))
	want := [][]string{{"-race", "./..."}, {"-run", "TestHeap", "."}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %q, want %q", got, want)
	}
}
