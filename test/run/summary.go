package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is a line of go test -json; see go doc test2json, and go help buildjson for the build-output action.
type event struct {
	Action, Package, Test, Output string
}

// summary counts the tests of a run and shows the output that matters.
type summary struct {
	passed, failed int
	notes          []string // a line for each test that failed or was skipped

	// held is the output of a package that is not shown yet: it is only wanted if its test fails, or the package does.
	held map[string][]event
}

func (s *summary) read(r io.Reader, w io.Writer) error {
	s.held = make(map[string][]event)
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		switch {
		case len(line) == 0:
		case json.Unmarshal(line, &e) != nil:
			w.Write(line) // what go itself has to say
		default:
			s.add(e, w)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (s *summary) add(e event, w io.Writer) {
	switch {
	case e.Action == "build-output":
		io.WriteString(w, e.Output)
	case e.Action == "output" && !strings.HasPrefix(e.Output, "=== "): // that is, not === RUN, === PAUSE and the like
		s.held[e.Package] = append(s.held[e.Package], e)
	case e.Test != "":
		s.test(e, w)
	default:
		s.pkg(e, w)
	}
}

// test counts a test that ended.
func (s *summary) test(e event, w io.Writer) {
	mine := func(h event) bool { return h.Test == e.Test }
	switch e.Action {
	case "pass":
		s.passed++
		// A test that an earlier pass skipped has run now.
		s.notes = slices.DeleteFunc(s.notes, func(n string) bool { return n == skipped(e) })
	case "skip":
		s.notes = append(s.notes, skipped(e))
	case "fail":
		s.fail(e.Package + " " + e.Test)
		s.show(e.Package, mine, w)
	default:
		return // it started, or it waits
	}
	s.held[e.Package] = slices.DeleteFunc(s.held[e.Package], mine)
}

// skipped is the note about a test that was skipped.
func skipped(e event) string { return "skipped: " + e.Package + " " + e.Test }

// pkg shows how a package ended.
func (s *summary) pkg(e event, w io.Writer) {
	switch e.Action {
	case "pass":
		s.show(e.Package, func(h event) bool { return strings.HasPrefix(h.Output, "ok ") }, w)
	case "fail":
		// A package that did not build, or whose process died, has no failed test that could tell.
		if !slices.ContainsFunc(s.notes, func(n string) bool { return strings.HasPrefix(n, "failed: "+e.Package+" ") }) {
			s.fail(e.Package)
		}
		s.show(e.Package, func(event) bool { return true }, w)
	case "skip": // it has no tests
	default:
		return
	}
	delete(s.held, e.Package)
}

func (s *summary) fail(what string) {
	s.failed++
	s.notes = append(s.notes, "failed: "+what)
}

func (s *summary) show(pkg string, which func(event) bool, w io.Writer) {
	for _, h := range s.held[pkg] {
		if which(h) {
			io.WriteString(w, h.Output)
		}
	}
}

func (s *summary) print(w io.Writer) {
	for _, note := range s.notes {
		fmt.Fprintln(w, note)
	}
	fmt.Fprintf(w, "%d passed, %d failed\n", s.passed, s.failed)
}
