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
	"strings"
	"syscall"
	"time"
)

// corefile serves the examples with everything the plugin knows.
const corefile = `.:%[2]s {
    bind %[1]s
    errors
    k8s_gateway %[3]s {
        resources Ingress Service HTTPRoute TLSRoute GRPCRoute DNSEndpoint Node
        kubeconfig "%[4]s"
        status %[5]s
    }
}
`

// stopTimeout bounds the end of CoreDNS, which takes a moment.
const stopTimeout = 5 * time.Second

// checkCoreDNS says in a line what to do when the binary is missing.
func checkCoreDNS(binary string) error {
	if _, err := exec.LookPath(binary); err != nil {
		return fmt.Errorf("no CoreDNS at %s: build it with `make build`", binary)
	}
	return nil
}

// checkListen reports an address that is taken.
func (o *options) checkListen() error {
	tcp, err := net.Listen("tcp", o.status)
	if err == nil {
		err = tcp.Close()
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use: stop what listens there, or choose another address with -status", o.status)
	}
	if err == nil {
		if tcp, err = net.Listen("tcp", o.listen); err == nil {
			err = tcp.Close()
		}
	}
	if err == nil {
		var udp net.PacketConn
		if udp, err = net.ListenPacket("udp", o.listen); err == nil {
			err = udp.Close()
		}
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use: stop what listens there, or choose another address with -listen", o.listen)
	}
	return err
}

// coredns is a running CoreDNS.
type coredns struct {
	cmd    *exec.Cmd
	output bytes.Buffer  // may be read once exited is closed
	exited chan struct{} // closed when the process is gone
}

// startCoreDNS writes a Corefile into dir and runs CoreDNS with it until it
// answers.
func startCoreDNS(ctx context.Context, o options, dir, kubeconfig string) (*coredns, error) {
	host, port, err := net.SplitHostPort(o.listen)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "Corefile")
	if err := os.WriteFile(file, fmt.Appendf(nil, corefile, host, port, zone, kubeconfig, o.status), 0o600); err != nil {
		return nil, err
	}
	// Once more: CoreDNS would share the port with another one that came up meanwhile.
	if err := o.checkListen(); err != nil {
		return nil, err
	}
	c := &coredns{cmd: exec.Command(o.coredns, "-conf", file), exited: make(chan struct{})}
	c.cmd.Stdout, c.cmd.Stderr = &c.output, &c.output
	// Ctrl-C is for this process, which then stops things in order.
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(c.exited)
		_ = c.cmd.Wait() // why it ended is in its output
	}()

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-c.exited:
			cancel(c.failure())
		case <-ctx.Done():
		}
	}()
	if err := awaitAnswer(ctx, o.listen); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	fmt.Printf("started CoreDNS on %s\n", o.listen)
	return c, nil
}

// failure is the error of a CoreDNS that has ended by itself.
func (c *coredns) failure() error {
	lines := strings.Split(strings.TrimSpace(c.output.String()), "\n")
	return fmt.Errorf("coredns has ended, %s: %s", c.cmd.ProcessState, lines[len(lines)-1])
}

// stop ends CoreDNS, if it still runs.
func (c *coredns) stop() error {
	// An error here means that it is gone.
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.exited:
		return nil
	case <-time.After(stopTimeout):
	}
	err := c.cmd.Process.Kill()
	<-c.exited
	return errors.Join(fmt.Errorf("coredns did not end within %s and was killed", stopTimeout), err)
}
