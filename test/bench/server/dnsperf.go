package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var completed = regexp.MustCompile(`Queries completed:\s+(\d+)`)

// question is a line for dnsperf.
type question struct{ name, qtype string }

// questions writes questions into a file for dnsperf.
func (b *bench) questions(name string, list []question) (file string, err error) {
	var text strings.Builder
	for _, q := range list {
		fmt.Fprintln(&text, q.name, q.qtype)
	}
	file = filepath.Join(b.dir, "questions."+name)
	return file, os.WriteFile(file, []byte(text.String()), 0o600)
}

// cost asks a server as fast as it answers, and returns how many microseconds of processor time it used for a question.
func (b *bench) cost(ctx context.Context, s *server, file string) (float64, error) {
	_, port, err := net.SplitHostPort(s.addr)
	if err != nil {
		return 0, err
	}
	before, err := processorTime(s.Pid())
	if err != nil {
		return 0, err
	}
	dnsperf := exec.CommandContext(ctx, "dnsperf", "-s", "127.0.0.1", "-p", port, "-d", file,
		"-c", "4", "-q", "100", "-l", fmt.Sprint(b.duration.Seconds()))
	output, err := dnsperf.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("dnsperf: %w: %s", err, bytes.TrimSpace(output))
	}
	after, err := processorTime(s.Pid())
	if err != nil {
		return 0, err
	}
	match := completed.FindSubmatch(output)
	if match == nil {
		return 0, fmt.Errorf("dnsperf says no number of queries: %s", output)
	}
	n, err := strconv.Atoi(string(match[1]))
	if err != nil || n == 0 {
		return 0, fmt.Errorf("dnsperf completed %s queries", match[1])
	}
	return float64((after - before).Nanoseconds()) / float64(n) / float64(time.Microsecond), nil
}
