package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"syscall"
)

// helper is a process that runs this program for one job, so that what it does does not hold up whoever measures. It ends
// with its standard input.
type helper struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
}

// startHelper runs this program with some arguments (helpers).
func startHelper(args ...string) (*helper, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	h := &helper{cmd: exec.Command(self, args...)}
	h.cmd.Stderr = os.Stderr
	h.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if h.stdin, err = h.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := h.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	h.stdout = bufio.NewReader(stdout)
	return h, h.cmd.Start()
}

func (h *helper) stop() error {
	_ = h.stdin.Close()
	return h.cmd.Wait()
}
