// Command apiserver is a Kubernetes API server for tests: kube-apiserver with
// etcd in one process, on loopback only, with RBAC and no controllers.
//
// Everything it keeps lies under one directory. Started again on the same
// directory it has the same objects, the same credentials and the same port,
// so a client that lost it finds it again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// shutdownGrace is for requests under way at the end. The server would wait a
// minute for watches, and its own never end.
const shutdownGrace = 200 * time.Millisecond

func main() {
	dir := flag.String("dir", "", "directory that holds everything the server keeps")
	port := flag.Int("port", 0, "port to serve on; 0 picks a free one the first time and remembers it")
	crds := flag.String("crds", "", "comma-separated files and directories of CRD manifests to install")
	stdin := flag.Bool("stdin", false, "stop when standard input ends, which it does when the parent dies")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if *stdin {
		ctx = untilEOF(ctx, os.Stdin)
	}

	var paths []string
	if *crds != "" {
		paths = strings.Split(*crds, ",")
	}
	stderr, err := run(ctx, *dir, *port, paths)
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(stderr, "apiserver: %v\n", err)
		os.Exit(1)
	}
}

// run serves from dir until ctx ends. It returns the standard error the
// process was started with, because from early on file descriptor 2 is the log.
func run(ctx context.Context, dir string, port int, crds []string) (*os.File, error) {
	if dir == "" {
		return os.Stderr, errors.New("-dir is required")
	}
	crds, err := absolute(crds)
	if err != nil {
		return os.Stderr, err
	}
	d, err := openDataDir(dir, port)
	if err != nil {
		return os.Stderr, err
	}
	stderr, err := logTo(logFile)
	if err != nil {
		return os.Stderr, err
	}

	etcd, err := startEtcd(ctx)
	if err != nil {
		return stderr, err
	}
	// What etcd has acknowledged is on disk. Its Close waits five seconds for
	// clients that are in this process and do not go.
	defer etcd.Server.HardStop()

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	served := make(chan struct{})
	go func() {
		defer close(served)
		cancel(serve(ctx, d))
	}()

	if err := prepare(ctx, d, crds); err == nil {
		fmt.Printf("ready %s\n", d.path(kubeconfigFile))
		<-ctx.Done()
	} else {
		cancel(err)
	}
	select {
	case <-served:
	case <-time.After(shutdownGrace):
	}
	return stderr, context.Cause(ctx)
}

// untilEOF returns a context that ends with ctx or when r ends.
func untilEOF(ctx context.Context, r io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, r)
		cancel()
	}()
	return ctx
}
