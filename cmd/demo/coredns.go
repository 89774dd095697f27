package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/coredns"
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

// startCoreDNS writes a Corefile into dir and runs CoreDNS with it until it
// answers.
func startCoreDNS(ctx context.Context, o options, dir, kubeconfig string) (*coredns.Process, error) {
	host, port, err := net.SplitHostPort(o.listen)
	if err != nil {
		return nil, err
	}
	// Once more: CoreDNS would share the port with another one that came up meanwhile.
	if err := o.checkListen(); err != nil {
		return nil, err
	}
	c, err := coredns.Start(o.coredns, filepath.Join(dir, "Corefile"), fmt.Sprintf(corefile, host, port, zone, kubeconfig, o.status))
	if err != nil {
		return nil, err
	}

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-c.Exited:
			cancel(c.Failure())
		case <-ctx.Done():
		}
	}()
	if err := awaitAnswer(ctx, o.listen); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	fmt.Printf("started CoreDNS on %s\n", o.listen)
	return c, nil
}
