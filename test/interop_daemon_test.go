//go:build interop

package test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	clog "github.com/coredns/coredns/plugin/pkg/log"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/testserver"
)

// CoreDNS's own log has to stay out of the summary.
func init() { clog.Discard() }

// startTimeout bounds the start of a daemon.
const startTimeout = 30 * time.Second

// program returns the path of a program that root has in its PATH.
func program(t *testing.T, name string) string {
	t.Helper()
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/sbin") {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path
		}
	}
	t.Fatalf("%s is not installed: run make interop as root", name)
	return ""
}

// daemon runs a DNS server that listens on a port of 127.0.0.1, until the end of
// the test. It returns when the server answers. What the server has to say is
// shown when the test fails.
func daemon(t *testing.T, port, name string, args ...string) *server {
	t.Helper()
	var said bytes.Buffer // read once the process is gone
	cmd := exec.Command(program(t, name), args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	gone := false
	t.Cleanup(func() {
		if !gone {
			_ = cmd.Process.Signal(syscall.SIGTERM)
			select {
			case <-exited:
			case <-time.After(startTimeout):
				_ = cmd.Process.Kill()
				<-exited
				t.Errorf("%s did not end when it was asked to", name)
			}
		}
		if t.Failed() {
			t.Logf("%s said:\n%s", name, said.String())
		}
	})

	s := &server{t: t, Server: &testserver.Server{Addr: "127.0.0.1:" + port}}
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	ticker := time.NewTicker(awaitInterval)
	defer ticker.Stop()
	for {
		if _, err := dig.Ask(ctx, "udp", s.Addr, "version.bind", dns.TypeTXT); err == nil {
			return s
		}
		select {
		case err := <-exited:
			gone = true
			t.Fatalf("%s ended: %v", name, err)
		case <-ctx.Done():
			t.Fatalf("%s does not answer after %s", name, startTimeout)
		case <-ticker.C:
		}
	}
}

// config writes a configuration file in which $DIR, and what the pairs say, is
// replaced, and returns its path.
func config(t *testing.T, content string, pairs ...string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "config")
	content = strings.NewReplacer(append(pairs, "$DIR", dir)...).Replace(content)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
