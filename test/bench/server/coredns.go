package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// How long and how often an answer is waited for.
const (
	answerTimeout  = 3 * time.Minute
	answerInterval = 2 * time.Millisecond
)

// stopTimeout bounds the end of CoreDNS, which takes a moment.
const stopTimeout = 10 * time.Second

// server is a CoreDNS process.
type server struct {
	name, addr string
	cmd        *exec.Cmd
	began      time.Time
	output     bytes.Buffer  // may be read once exited is closed
	exited     chan struct{} // closed when the process is gone
}

// serve runs CoreDNS with some plugins for the zone of the names.
func (b *bench) serve(name, plugins string) (*server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(b.dir, "Corefile."+name)
	corefile := fmt.Sprintf("%s:%s {\nbind 127.0.0.1\n%s\n}\n", zone, port, plugins)
	if err := os.WriteFile(file, []byte(corefile), 0o600); err != nil {
		return nil, err
	}
	s := &server{name: name, addr: net.JoinHostPort("127.0.0.1", port), cmd: exec.Command(b.coredns, "-conf", file), exited: make(chan struct{})}
	s.cmd.Stdout, s.cmd.Stderr = &s.output, &s.output
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	s.began = time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(s.exited)
		_ = s.cmd.Wait() // why it ended is in its output
	}()
	return s, nil
}

// serveIngresses runs CoreDNS with the plugin in front of an API server, and returns when the last of all names
// answers.
func (b *bench) serveIngresses(ctx context.Context, kubeconfig, more string) (*server, error) {
	s, err := b.serve(pluginName, fmt.Sprintf("k8s_gateway {\nresources Ingress\nkubeconfig %q\napex ns1 192.0.2.53\n}\n%s", kubeconfig, more))
	if err != nil {
		return nil, err
	}
	if err := s.await(ctx, host(b.last()), dns.TypeA, ""); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// await returns when a question has the answer wanted, or any if none is.
func (s *server) await(ctx context.Context, name string, qtype uint16, want string) error {
	timeout := time.After(answerTimeout)
	ticker := time.NewTicker(answerInterval)
	defer ticker.Stop()
	got := ""
	for {
		if reply, err := dig.Ask(ctx, "udp", s.addr, name, qtype); err != nil {
			got = err.Error()
		} else {
			got = dig.Short(reply)
			if got == want || want == "" && len(reply.Answer) > 0 {
				return nil
			}
		}
		select {
		case <-ticker.C:
		case <-s.exited:
			return fmt.Errorf("coredns has ended, %s: %s", s.cmd.ProcessState, strings.TrimSpace(s.output.String()))
		case <-timeout:
			return fmt.Errorf("%s: %s has %s after %s", s.name, name, got, answerTimeout)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *server) pid() int { return s.cmd.Process.Pid }

// stop ends CoreDNS, if it still runs.
func (s *server) stop() error {
	// An error here means that it is gone.
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.exited:
		return nil
	case <-time.After(stopTimeout):
	}
	err := s.cmd.Process.Kill()
	<-s.exited
	return errors.Join(fmt.Errorf("coredns did not end within %s and was killed", stopTimeout), err)
}

// freePort returns a port that nothing uses, over UDP or TCP.
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
