package main

import (
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
