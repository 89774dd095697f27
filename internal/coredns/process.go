// Package coredns runs CoreDNS as a process of its own, for the demo and for measurements. It knows nothing of what the Corefile
// says.
package coredns

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// stopTimeout bounds the end of CoreDNS, which takes a moment.
const stopTimeout = 10 * time.Second

// Process is a running CoreDNS.
type Process struct {
	Began  time.Time
	Exited chan struct{} // closed when the process is gone

	cmd    *exec.Cmd
	output bytes.Buffer // may be read once Exited is closed
}

// Start writes a Corefile and runs a binary with it. The process ends with the one that started it.
func Start(binary, file, corefile string) (*Process, error) {
	if err := os.WriteFile(file, []byte(corefile), 0o600); err != nil {
		return nil, err
	}
	p := &Process{cmd: exec.Command(binary, "-conf", file), Exited: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = &p.output, &p.output
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	p.Began = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.Exited)
		_ = p.cmd.Wait() // why it ended is in its output
	}()
	return p, nil
}

// Pid returns the id of the process.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Failure is the error of a process that has ended by itself, with the last line that it wrote.
func (p *Process) Failure() error {
	lines := strings.Split(strings.TrimSpace(p.output.String()), "\n")
	return fmt.Errorf("coredns has ended, %s: %s", p.cmd.ProcessState, lines[len(lines)-1])
}

// Stop ends CoreDNS, if it still runs.
func (p *Process) Stop() error {
	// An error here means that it is gone.
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.Exited:
		return nil
	case <-time.After(stopTimeout):
	}
	err := p.cmd.Process.Kill()
	<-p.Exited
	return errors.Join(fmt.Errorf("coredns did not end within %s and was killed", stopTimeout), err)
}

// Resident returns how much memory a process has, and the most that it had, in MiB.
func Resident(pid int) (now, peak float64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kib, _ := strconv.ParseFloat(fields[1], 64)
		switch fields[0] {
		case "VmRSS:":
			now = kib / 1024
		case "VmHWM:":
			peak = kib / 1024
		}
	}
	return now, peak, nil
}

// ResetPeak has the most memory that a process had begin anew.
func ResetPeak(pid int) error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0)
}

// FreePort returns a port of loopback that nothing uses, over UDP or TCP. CoreDNS must not choose a port itself: it sets
// SO_REUSEPORT, with which the kernel may give two processes of one user the same UDP port, and each a part of the questions.
func FreePort() (port string, err error) {
	for range 100 {
		if port, err = freePort(); err == nil {
			break
		}
	}
	return port, err
}

func freePort() (string, error) {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer tcp.Close()
	port := tcp.Addr().(*net.TCPAddr).Port
	udp, err := net.ListenPacket("udp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return "", err
	}
	return strconv.Itoa(port), udp.Close()
}
