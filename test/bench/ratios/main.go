// Command ratios reads what go test -bench prints, in rounds, and prints a table of the ratios that have a target: the
// medians of those within the rounds.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/test/bench/figures"
)

// ratios are those with a target.
var ratios = []struct{ what, target, benchmark, to string }{
	{"name found, 50,000 Ingresses", "≤ 1.00× *hosts*", "Names/what=found/names=50000/server=k8s_gateway", "Names/what=found/names=50000/server=hosts"},
	{"the same, each question in a new goroutine", "", "Goroutine/server=k8s_gateway", "Goroutine/server=hosts"},
	{"a collection of garbage with these names", "", "GC/server=k8s_gateway", "GC/server=hosts"},
	{"NXDOMAIN, all kinds configured", "≤ 1.5× found", "Names/what=NXDOMAIN/names=50000/server=k8s_gateway", "Names/what=found/names=50000/server=k8s_gateway"},
	{"found among 100,000 names", "≤ 1.15× among 1,000", "Names/what=found/names=100000/server=k8s_gateway", "Names/what=found/names=1000/server=k8s_gateway"},
	{"the same of *hosts*", "", "Names/what=found/names=100000/server=hosts", "Names/what=found/names=1000/server=hosts"},
	{"50 routes that share a hostname", "≤ 1.2× one", "SharedHost/routes=50", "SharedHost/routes=1"},
	{"500 routes that share a hostname", "≤ 2× one", "SharedHost/routes=500", "SharedHost/routes=1"},
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(r io.Reader, w io.Writer) error {
	ns, allocs, err := read(r)
	if err != nil {
		return err
	}
	if len(ns) == 0 {
		return errors.New("no benchmark ran")
	}
	var table figures.Table
	for _, r := range ratios {
		if len(ns[r.benchmark]) == 0 || len(ns[r.to]) == 0 {
			continue
		}
		table.Add(r.what, r.target, fmt.Sprintf("%.2f× (%.0f ns, %.0f allocations)", ns.Ratio(r.benchmark, r.to), ns.Median(r.benchmark), allocs.Median(r.benchmark)))
	}
	if len(table) == 0 { // benchmarks without a target
		return nil
	}
	table.Print(w)
	return nil
}

// line is a name, a time and, with -benchmem, how many allocations there were.
var line = regexp.MustCompile(`^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op(?:.*?(\d+) allocs/op)?`)

// read returns the time and the allocations of every benchmark in every round.
func read(r io.Reader) (ns, allocs figures.Rounds, err error) {
	ns, allocs = figures.Rounds{}, figures.Rounds{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		text := strings.TrimSpace(lines.Text())
		match := line.FindStringSubmatch(text)
		if match == nil {
			continue
		}
		took, err := strconv.ParseFloat(match[2], 64)
		if err != nil {
			return nil, nil, err
		}
		ns.Add(match[1], took)
		if n, err := strconv.ParseFloat(match[3], 64); err == nil {
			allocs.Add(match[1], n)
		}
	}
	return ns, allocs, lines.Err()
}
