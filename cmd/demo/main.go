// Command demo shows the plugin at work: it starts a real API server, applies
// the project's examples, serves them with the coredns binary given, asks one
// question for each kind and prints the answers. Then it keeps serving until it
// is interrupted or its standard input ends; with CI=true it stops.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

func main() {
	o := options{}
	flag.StringVar(&o.coredns, "coredns", "./coredns", "the CoreDNS binary to serve with")
	flag.StringVar(&o.listen, "listen", "127.0.0.1:1053", "address to serve on")
	flag.StringVar(&o.status, "status", "127.0.0.1:8053", "address of the status page")
	flag.StringVar(&o.examples, "examples", "examples", "directory of manifests to apply")
	flag.BoolVar(&o.buildOnly, "build-only", false, "only build the API server")
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "Starts an API server, applies the examples, and serves their names until Ctrl-C or the end of standard input.\n"+
			"Every line of standard input gives a name another address. With CI=true it stops after its own questions.\n\nFlags:\n")
		flag.PrintDefaults()
	}
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := run(ctx, o); err != nil {
		if errors.Is(err, context.Canceled) {
			err = errors.New("interrupted")
		}
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	coredns, listen, status, examples string
	buildOnly                         bool
}

// run does it all. When it returns, nothing it started is left.
func run(ctx context.Context, o options) (err error) {
	if o.buildOnly {
		_, err := testcluster.Build(ctx, os.Stdout)
		return err
	}
	if err := checkCoreDNS(o.coredns); err != nil {
		return err
	}
	if err := o.checkListen(); err != nil { // before minutes go into a build
		return err
	}
	keys := readKeys(os.Stdin)

	dir, err := os.MkdirTemp("", "k8s_gateway-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cluster, err := startCluster(ctx, dir, o.examples)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	server, err := startCoreDNS(ctx, o, dir, cluster.Kubeconfig())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()

	if err := askAll(ctx, os.Stdout, o.listen); err != nil {
		return err
	}
	if os.Getenv("CI") == "true" {
		return nil
	}
	if keys.ended() {
		fmt.Println(inputEnded)
		return nil
	}
	printHints(os.Stdout, o, cluster.Kubeconfig())
	return interact(ctx, o, cluster, server, keys)
}
