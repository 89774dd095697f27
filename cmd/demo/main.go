// Command demo shows the plugin at work: it starts a real API server, applies
// the project's examples, serves them with the coredns binary given, asks one
// question for each kind and prints the answers. With two clusters, it shows
// instead how answers follow the health of two sites. Then it keeps serving
// until it is interrupted or its standard input ends; with CI=true it stops.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

func main() {
	o := options{}
	flag.StringVar(&o.coredns, "coredns", "./coredns", "the CoreDNS binary to serve with")
	flag.StringVar(&o.listen, "listen", "127.0.0.1:1053", "address to serve on")
	flag.StringVar(&o.status, "status", "127.0.0.1:8053", "address of the status page")
	flag.StringVar(&o.examples, "examples", "examples", "directory of manifests to apply")
	flag.IntVar(&o.clusters, "clusters", 1, "1, or 2 to show failover between two sites")
	flag.BoolVar(&o.buildOnly, "build-only", false, "only build the API server")
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "Starts an API server, applies the examples, and serves their names until Ctrl-C or the end of standard input.\n"+
			"Every line of standard input gives a name another address; with two clusters, it changes the health of a site. With CI=true it stops after its own questions.\n\nFlags:\n")
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
	clusters                          int
	buildOnly                         bool
}

// run does it all. When it returns, nothing it started is left.
func run(ctx context.Context, o options) (err error) {
	if o.buildOnly {
		_, err := testcluster.Build(ctx, os.Stdout)
		return err
	}
	if o.clusters != 1 && o.clusters != 2 {
		return fmt.Errorf("%d clusters: want 1 or 2", o.clusters)
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
	if _, err := testcluster.Build(ctx, os.Stdout); err != nil {
		return err
	}
	if o.clusters == 2 {
		return runSites(ctx, o, dir, keys)
	}
	return runOne(ctx, o, dir, keys)
}

// runOne shows one cluster.
func runOne(ctx context.Context, o options, dir string, keys *keys) (err error) {
	manifests, err := filepath.Glob(filepath.Join(o.examples, "*.yaml"))
	if err != nil {
		return err
	}
	if len(manifests) == 0 {
		return fmt.Errorf("no manifests in %s", o.examples)
	}
	cluster, err := startCluster(ctx, filepath.Join(dir, "cluster"), manifests...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	fmt.Printf("applied %d manifests from %s\n", len(manifests), o.examples)
	server, err := startCoreDNS(o, dir, o.corefile(cluster.Kubeconfig()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	if err := awaitStart(ctx, o, server, func(ctx context.Context) error {
		return awaitAddress(ctx, o.listen, questions[0].name, questions[0].want)
	}); err != nil {
		return err
	}

	if err := askAll(ctx, os.Stdout, o.listen); err != nil {
		return err
	}
	if keys.mustStop() {
		return nil
	}
	printHints(os.Stdout, o, cluster.Kubeconfig())
	return interact(ctx, server, keys, func(n int) error {
		return change(ctx, o, cluster, fmt.Sprintf("198.51.100.%d", n%256))
	})
}
