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

// oneCluster serves the examples with everything the plugin knows.
const oneCluster = `.:%[2]s {
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

// corefile returns the Corefile for one cluster.
func (o *options) corefile(kubeconfig string) string {
	host, port, _ := net.SplitHostPort(o.listen) // checkListen has listened there
	return fmt.Sprintf(oneCluster, host, port, zone, kubeconfig, o.status)
}

// startCoreDNS writes a Corefile into dir and runs CoreDNS with it.
func startCoreDNS(o options, dir, corefile string) (*coredns.Process, error) {
	// Once more: CoreDNS would share the port with another one that came up meanwhile.
	if err := o.checkListen(); err != nil {
		return nil, err
	}
	return coredns.Start(o.coredns, filepath.Join(dir, "Corefile"), corefile)
}

// awaitStart waits until CoreDNS answers as await wants, or has ended.
func awaitStart(ctx context.Context, o options, server *coredns.Process, await func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-server.Exited:
			cancel(server.Failure())
		case <-ctx.Done():
		}
	}()
	if err := await(ctx); err != nil {
		return err
	}
	fmt.Printf("started CoreDNS on %s\n", o.listen)
	return nil
}
