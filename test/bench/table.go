package main

import (
	"bufio"
	"debug/buildinfo"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

// table is the result.
type table struct{ rows [][3]string }

// add appends a row: what was measured, what it should be at most, and what it is.
func (t *table) add(what, target, format string, args ...any) {
	row := [3]string{what, target, fmt.Sprintf(format, args...)}
	t.rows = append(t.rows, row)
	say("%s: %s (%s)", row[0], row[2], row[1])
}

// print writes the table in Markdown.
func (t *table) print(w io.Writer, caption string) {
	fmt.Fprintf(w, "\n%s\n\n| what | target | reached |\n|---|---|---|\n", caption)
	for _, row := range t.rows {
		fmt.Fprintf(w, "| %s |\n", strings.Join(row[:], " | "))
	}
}

// describeMachine says what is measured, and where.
func describeMachine(coredns string) (string, error) {
	info, err := buildinfo.ReadFile(coredns)
	if err != nil {
		return "", fmt.Errorf("no CoreDNS: build it with `make build`: %w", err)
	}
	version := ""
	for _, dep := range info.Deps {
		if dep.Path == "github.com/coredns/coredns" {
			version = dep.Version
		}
	}
	return fmt.Sprintf("%s, %d cores; CoreDNS %s, %s", processor(), runtime.NumCPU(), version, info.GoVersion), nil
}

// processor returns the model of the processor.
func processor() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
