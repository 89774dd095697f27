package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/coredns"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// printHints prints what to try while the demo serves.
func printHints(w io.Writer, o options, kubeconfig string) {
	host, port, _ := net.SplitHostPort(o.listen) // it was split before
	fmt.Fprintf(w, `
serving %[1]s on %[2]s until you press Ctrl-C; try in another terminal:

  dig @%[3]s -p %[4]s shop.%[1]s

  KUBECONFIG=%[5]s kubectl patch ingress shop --subresource=status --type=merge \
    -p '{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.99"}]}}}'

and dig again. Or press Enter here: shop.%[1]s gets another address.
All names, and why one does not answer: http://%[6]s/
`, zone, o.listen, host, port, kubeconfig, o.status)
}

// inputEnded says why the demo stops without Ctrl-C.
const inputEnded = "standard input has ended: stopping"

// keys are the lines of standard input.
type keys struct {
	lines chan struct{} // gets one value per line
	eof   chan struct{} // closed at the end of input
}

// readKeys reads the lines of f, from the start on: input that is at its end
// means that nobody is there to stop the demo.
func readKeys(f *os.File) *keys {
	// In the background of a shell, reading the terminal is an error, not a stop.
	signal.Ignore(syscall.SIGTTIN)
	k := &keys{lines: make(chan struct{}), eof: make(chan struct{})}
	go func() {
		for r := bufio.NewReader(f); ; {
			switch _, err := r.ReadString('\n'); {
			case errors.Is(err, io.EOF):
				close(k.eof)
				return
			case err != nil: // nothing to read from, but not at its end
				return
			}
			k.lines <- struct{}{}
		}
	}()
	return k
}

// ended reports whether the input is at its end.
func (k *keys) ended() bool {
	select {
	case <-k.eof:
		return true
	default:
		return false
	}
}

// mustStop reports whether the demo ends after its own questions, and says so if that is because of the input.
func (k *keys) mustStop() bool {
	if os.Getenv("CI") == "true" {
		return true
	}
	if !k.ended() {
		return false
	}
	fmt.Println(inputEnded)
	return true
}

// interact serves until the context or the input ends, and calls change for every line, with its number from 1. A change that DNS does not
// show is no reason to stop: somebody may have changed the objects by hand.
func interact(ctx context.Context, server *coredns.Process, k *keys, change func(n int) error) error {
	for n := 1; ; n++ {
		select {
		case <-k.lines:
			switch err := change(n); {
			case errors.Is(err, errNotShown):
				fmt.Printf("%v: was an object changed by hand? Press Enter to go on\n", err)
			case err != nil:
				return err
			}
		case <-server.Exited:
			return server.Failure()
		case <-k.eof:
			fmt.Println(inputEnded)
			return nil
		case <-ctx.Done():
			fmt.Println("\nstopping")
			return nil
		}
	}
}

// change gives the Ingress of the first question another address, and tells
// how long DNS took to show it.
func change(ctx context.Context, o options, cluster *testcluster.Cluster, address string) error {
	manifest, err := os.ReadFile(filepath.Join(o.examples, "ingress.yaml"))
	if err != nil {
		return err
	}
	q := questions[0]
	changed := strings.ReplaceAll(string(manifest), "ip: "+q.want, "ip: "+address)
	if err := cluster.Apply(ctx, []byte(changed)); err != nil {
		return err
	}
	start := time.Now()
	if err := awaitAddress(ctx, o.listen, q.name, address); err != nil {
		return err
	}
	fmt.Printf("%s has %s, %s after the API server took it\n", q.name, address, time.Since(start).Round(100*time.Microsecond))
	return nil
}
