package testcluster

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// stopTimeout bounds the end of a process that was asked to end.
const stopTimeout = 10 * time.Second

// server is a running API server.
type server struct {
	cmd    *exec.Cmd
	stdin  io.Closer     // the server ends when this does, so it never outlives this process
	exited chan struct{} // closed when the process is gone
	err    error         // of the process, once exited is closed
	stderr bytes.Buffer  // may be read once exited is closed
}

// startServer starts binary on the data in dir and waits until it is ready.
func startServer(ctx context.Context, binary, dir string, crds []string) (*server, error) {
	s := &server{
		cmd:    exec.Command(binary, "-stdin", "-dir", dir, "-crds", strings.Join(crds, ",")),
		exited: make(chan struct{}),
	}
	s.cmd.Stderr = &s.stderr
	// In a process group of its own, Ctrl-C reaches this process only, which
	// can stop things in the right order.
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdin, err := s.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	s.stdin = stdin
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}

	ready := make(chan struct{})
	go func() {
		defer close(s.exited)
		if line, _ := bufio.NewReader(stdout).ReadString('\n'); strings.HasPrefix(line, "ready ") {
			close(ready)
		}
		s.err = s.cmd.Wait()
	}()
	select {
	case <-ready:
		return s, nil
	case <-s.exited:
		return nil, s.failure(dir)
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), s.stop())
	}
}

// failure tells why a server that is gone did not get ready.
func (s *server) failure(dir string) error {
	said := strings.TrimSpace(s.stderr.String())
	if said == "" {
		said = fmt.Sprintf("apiserver: %v", s.err)
	}
	return fmt.Errorf("%s (log: %s)", said, filepath.Join(dir, "apiserver.log"))
}

// stop asks the server to end and waits for it.
func (s *server) stop() error {
	s.stdin.Close()
	select {
	case <-s.exited:
		if s.err != nil {
			return fmt.Errorf("the API server had failed: %w", s.err)
		}
		return nil
	case <-time.After(stopTimeout):
	}
	if err := s.cmd.Process.Kill(); err != nil {
		return err
	}
	<-s.exited
	return fmt.Errorf("the API server did not end within %s and was killed", stopTimeout)
}
