// Command coredns is CoreDNS with the k8s_gateway plugin in place of kubernetes and k8s_external.
package main

import (
	"log"
	"slices"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"

	_ "github.com/k8s-gateway/k8s_gateway/v2"
)

//go:generate go run gen.go

// version is set by -ldflags "-X main.version=...".
var version = "dev"

func main() {
	if err := dnsserver.SetDirectives(directives(dnsserver.Directives)); err != nil {
		log.Fatal(err)
	}
	// The first line of -version names both: CoreDNS-1.15.0+k8s_gateway-0.1.0.
	caddy.AppVersion += "+k8s_gateway-" + version
	coremain.Run()
}

// directives returns the order of plugins of stock CoreDNS with k8s_gateway where the two other plugins that read
// Kubernetes stand. They are neighbours, so the place of the first is the place of both.
func directives(stock []string) []string {
	order := slices.Clone(stock)
	if i := slices.IndexFunc(order, replaced); i >= 0 {
		order[i] = "k8s_gateway"
	}
	return slices.DeleteFunc(order, replaced)
}

// replaced reports whether a stock plugin makes room for ours.
func replaced(name string) bool { return name == "kubernetes" || name == "k8s_external" }
