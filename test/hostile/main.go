// Command hostile applies the worst objects that an API server accepts, one after the other, to a real one, and measures
// what each costs everybody else: how long a question waits, how long another tenant's change takes to be answered, and
// what memory CoreDNS and its status page take.
//
// On a machine that does other things besides, some question always waits. So a second CoreDNS, with the *hosts* plugin, is
// asked as often in the same moments, and every object is applied, changed and deleted in several rounds: a lock that is held
// for long is held in every round. A row fails if in each of its rounds a question waited more than a bar longer than any of
// the second CoreDNS's, and than any beside ordinary objects of the same size, which cost the API server and the machine as
// much. Of the changes that others make, the longest wait of the best round counts, from when the API server has delivered
// the change to a client that watches the same kind and does nothing with it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/coredns"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// The bars: what one object may add to a wait, and what the status page may take.
const (
	questionBar = time.Millisecond
	changeBar   = 100 * time.Millisecond
	pageBar     = 128 // MiB
)

type options struct {
	coredns string
	rounds  int
	many    int
	only    *regexp.Regexp
}

func main() {
	o := options{}
	flag.StringVar(&o.coredns, "coredns", "./coredns", "the CoreDNS binary to measure")
	flag.IntVar(&o.rounds, "rounds", 5, "how often each object is applied, changed and deleted")
	flag.IntVar(&o.many, "many", 2000, "how many objects there are where many share a name")
	only := flag.String("only", ".", "which objects: a regular expression")
	flag.Parse()
	var err error
	if o.only, err = regexp.Compile(*only); err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
		err = run(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// corefile serves every kind, and the status page.
const corefile = `example.com:%s {
    bind 127.0.0.1
    k8s_gateway {
        resources Ingress Service HTTPRoute TLSRoute GRPCRoute DNSEndpoint Gateway
        kubeconfig %q
        apex ns1 192.0.2.53
        status 127.0.0.1:%s
        startupTimeout 5s
    }
}
`

// secondCorefile serves one name, to compare with.
const secondCorefile = `example.com:%s {
    bind 127.0.0.1
    hosts {
        192.0.2.2 steady.example.com
    }
}
`

// run does it all. When it returns, nothing that it started is left.
func run(ctx context.Context, o options) (err error) {
	dir, err := os.MkdirTemp("", "hostile-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	crds, err := testcluster.StandardCRDs(ctx)
	if err != nil {
		return err
	}
	for i := range crds { // the experimental channel has fields that overflow Go's types
		if other := strings.Replace(crds[i], "/standard", "/experimental", 1); strings.Contains(other, "gateway-api") {
			crds[i] = other
		}
	}
	say("starting the API server")
	cluster, err := testcluster.Start(ctx, testcluster.Options{Dir: filepath.Join(dir, "cluster"), CRDs: crds, Progress: os.Stderr})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	api, err := newAPI(cluster.Config())
	if err != nil {
		return err
	}
	if err := cluster.Apply(ctx, []byte(ordinary)); err != nil {
		return err
	}
	var ports [3]string
	for i := range ports {
		if ports[i], err = coredns.FreePort(); err != nil {
			return err
		}
	}
	server, err := coredns.Start(o.coredns, filepath.Join(dir, "Corefile"), fmt.Sprintf(corefile, ports[0], cluster.Kubeconfig(), ports[1]))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	second, err := coredns.Start(o.coredns, filepath.Join(dir, "Corefile.second"), fmt.Sprintf(secondCorefile, ports[2]))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, second.Stop()) }()
	b := &bench{options: o, api: api, server: server, dns: "127.0.0.1:" + ports[0], page: "http://127.0.0.1:" + ports[1], second: "127.0.0.1:" + ports[2]}
	if err := b.await(ctx, "steady.example.com", answered); err != nil {
		return err
	}
	list := b.attacks()
	for i, a := range list {
		if !a.control && !o.only.MatchString(a.name) {
			continue
		}
		say("%d of %d: %s", i+1, len(list), a.name)
		m, err := b.measure(ctx, a)
		if err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
		b.rows = append(b.rows, m)
		b.say(m)
	}
	return b.report(os.Stdout)
}

// say tells what is going on.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, args...))
}
