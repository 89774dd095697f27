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
	"syscall"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
	"github.com/k8s-gateway/k8s_gateway/v2/test/bench/figures"
)

// helpers are the jobs of processes that measurements start. Their argument is a kubeconfig.
var helpers = map[string]func(kubeconfig string) error{"proxy": serveProxy, "watch": serveWatcher}

func main() {
	if len(os.Args) == 3 && helpers[os.Args[1]] != nil {
		fail(helpers[os.Args[1]](os.Args[2]))
		return
	}
	o := options{}
	flag.StringVar(&o.coredns, "coredns", "./coredns", "the CoreDNS binary to measure")
	flag.StringVar(&o.dir, "dir", ".build/bench", "directory that keeps the API server's data")
	flag.IntVar(&o.names, "names", 50_000, "how many Ingresses there are")
	flag.IntVar(&o.rounds, "rounds", 5, "how often everything is measured")
	flag.DurationVar(&o.duration, "duration", 3*time.Second, "how long each server is asked in a round")
	flag.DurationVar(&o.settle, "settle", 150*time.Second, "how long memory settles after a start; Go collects garbage every two minutes where nothing happens")
	only := flag.String("rows", ".", "what to measure: a regular expression for start, cpu, routes, heap, transfer, relist, change")
	flag.Parse()
	var err error
	if o.only, err = regexp.Compile(*only); err != nil {
		fail(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	fail(run(ctx, o))
}

func fail(err error) {
	if err == nil {
		return
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	fmt.Fprintln(os.Stderr, "error:", err)
	os.Exit(1)
}

// options are the flags.
type options struct {
	coredns, dir     string
	names, rounds    int
	duration, settle time.Duration
	only             *regexp.Regexp
}

// bench is what the measurements share.
type bench struct {
	options
	cluster *testcluster.Cluster
	table   figures.Table
}

// measurements in an order in which none is in the way of the next: those that change objects are the last ones.
var measurements = []struct {
	name    string
	measure func(*bench, context.Context) error
}{
	{"start", (*bench).start},
	{"cpu", (*bench).cpu},
	{"routes", (*bench).routes},
	{"heap", (*bench).heap},
	{"transfer", (*bench).transfer},
	{"relist", (*bench).relist},
	{"change", (*bench).change},
}

// selects reports whether there is anything to measure.
func (o options) selects() bool {
	for _, m := range measurements {
		if o.only.MatchString(m.name) {
			return true
		}
	}
	return false
}

// run does it all. When it returns, nothing it started is left.
func run(ctx context.Context, o options) (err error) {
	if !o.selects() {
		return fmt.Errorf("no row matches %s", o.only)
	}
	machine, err := describeMachine(o.coredns)
	if err != nil {
		return err
	}
	if o.dir, err = filepath.Abs(o.dir); err != nil {
		return err
	}
	say("starting the API server")
	cluster, err := testcluster.Start(ctx, testcluster.Options{Dir: filepath.Join(o.dir, fmt.Sprint("cluster-", o.names)), Progress: os.Stderr})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	b := &bench{options: o, cluster: cluster}
	if err := b.seed(ctx); err != nil {
		return fmt.Errorf("creating objects: %w", err)
	}
	for _, m := range measurements {
		if !o.only.MatchString(m.name) {
			continue
		}
		if err := m.measure(b, ctx); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	fmt.Printf("\n%s; %d Ingresses, medians of %d rounds.\n", machine, o.names, o.rounds)
	b.table.Print(os.Stdout)
	return nil
}

// add adds a row to the table, and tells it.
func (b *bench) add(what, target, format string, args ...any) {
	reached := fmt.Sprintf(format, args...)
	b.table.Add(what, target, reached)
	say("%s: %s (%s)", what, reached, target)
}

// say tells what is going on.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, args...))
}
