package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
)

func TestPluginsAreCurrent(t *testing.T) {
	fresh := filepath.Join(t.TempDir(), "plugins.go")
	if out, err := exec.Command("go", "run", "gen.go", "-o", fresh).CombinedOutput(); err != nil {
		t.Fatalf("gen.go: %v\n%s", err, out)
	}
	want, err := os.ReadFile(fresh)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("plugins.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("plugins.go is not what this version of CoreDNS asks for: run go generate ./cmd/coredns")
	}
}

func TestDirectivesKeepTheStockOrder(t *testing.T) {
	stock := slices.Clone(dnsserver.Directives)
	i := slices.Index(stock, "k8s_external")
	if i < 0 || stock[i+1] != "kubernetes" {
		t.Fatalf("k8s_external and kubernetes are no longer neighbours: %v", stock)
	}
	want := slices.Concat(stock[:i], []string{"k8s_gateway"}, stock[i+2:])

	if got := directives(dnsserver.Directives); !slices.Equal(got, want) {
		t.Errorf("got order  %v\nwant order %v", got, want)
	}
	if !slices.Equal(dnsserver.Directives, stock) {
		t.Error("the stock list was changed")
	}
}

// A directive without a plugin, or a plugin without a directive, is only noticed by the user who asks for it.
func TestEveryDirectiveHasItsPlugin(t *testing.T) {
	order := directives(dnsserver.Directives)
	for _, name := range order {
		if _, err := caddy.DirectiveAction("dns", name); err != nil {
			t.Errorf("%s is in the order of plugins, but not in the binary: %v", name, err)
		}
	}
	for _, name := range []string{"kubernetes", "k8s_external"} {
		if _, err := caddy.DirectiveAction("dns", name); err == nil {
			t.Errorf("%s is in the binary, but k8s_gateway stands in its place", name)
		}
	}
}
