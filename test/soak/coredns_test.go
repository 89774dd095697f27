package soak

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	_ "github.com/coredns/coredns/plugin/bind"    // used by the Corefile
	_ "github.com/coredns/coredns/plugin/errors"  // the same
	_ "github.com/coredns/coredns/plugin/forward" // asks the server for what is not ours
	clog "github.com/coredns/coredns/plugin/pkg/log"

	_ "github.com/k8s-gateway/k8s_gateway/v2" // the plugin under test
	"github.com/k8s-gateway/k8s_gateway/v2/internal/coredns"
	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

// starting serialises starts: CoreDNS reads Corefiles into package variables.
var starting sync.Mutex

func init() {
	caddy.Quiet, dnsserver.Quiet = true, true
	clog.Discard() // thousands of objects have bad values
	order := slices.DeleteFunc(slices.Clone(dnsserver.Directives), func(name string) bool { return name == "k8s_gateway" })
	if err := dnsserver.SetDirectives(slices.Insert(order, slices.Index(order, "kubernetes"), "k8s_gateway")); err != nil {
		panic(err)
	}
}

// server is a CoreDNS that runs in this process.
type server struct {
	instance *caddy.Instance
	port     string
	udp, tcp string // addresses
}

// start starts CoreDNS.
func start(t *testing.T, corefile string) *server {
	t.Helper()
	starting.Lock()
	defer starting.Unlock()
	port, err := coredns.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	instance, err := caddy.Start(input(corefile, port))
	if err != nil {
		t.Fatal(err)
	}
	listener := instance.Servers()[0]
	return &server{instance, port, listener.LocalAddr().String(), listener.Addr().String()}
}

// stop stops CoreDNS. Stop alone would close the listeners and leave the plugins running.
func (s *server) stop(t *testing.T) {
	t.Helper()
	for _, err := range append(s.instance.ShutdownCallbacks(), s.instance.Stop()) {
		if err != nil {
			t.Error(err)
		}
	}
	s.instance.Wait()
}

// reload has CoreDNS read another Corefile, as the reload plugin does.
func (s *server) reload(corefile string) error {
	starting.Lock()
	defer starting.Unlock()
	var err error
	s.instance, err = s.instance.Restart(input(corefile, s.port)) // the old one if it failed
	return err
}

// input is a Corefile in which port 0 is replaced.
func input(corefile, port string) caddy.Input {
	corefile = strings.ReplaceAll(corefile, ":0 {", ":"+port+" {")
	return caddy.CaddyfileInput{Filepath: "Corefile", Contents: []byte(corefile), ServerTypeName: "dns"}
}

// corefile returns the Corefile for a configuration.
func corefile(c model.Config, kubeconfig, outside string) string {
	var b strings.Builder
	property := func(name string, args ...string) {
		if len(args) > 0 {
			fmt.Fprintf(&b, "        %s %s\n", name, strings.Join(args, " "))
		}
	}
	quoted := func(list []string) []string {
		list = slices.Clone(list)
		for i, s := range list {
			list[i] = fmt.Sprintf("%q", s)
		}
		return list
	}
	fmt.Fprintf(&b, ".:0 {\n    bind 127.0.0.1\n    errors\n    k8s_gateway %s {\n", strings.Join(c.Zones, " "))
	property("kubeconfig", kubeconfig)
	property("resources", c.Resources...)
	property("ttl", fmt.Sprint(c.TTL), fmt.Sprint(c.NegativeTTL))
	for i, ns := range c.Nameservers {
		property([]string{"apex", "secondary"}[min(i, 1)], append([]string{ns.Name}, ns.Addresses...)...)
	}
	property("namespaces", c.OnlyNamespaces...)
	if c.LabelSelector != "" {
		property("labelSelector", quoted([]string{c.LabelSelector})...)
	}
	property("serviceLabelSelectors", quoted(c.ServiceSelectors)...)
	property("ingressClasses", c.IngressClasses...)
	property("gatewayClasses", c.GatewayClasses...)
	property("gateways", c.OnlyGateways...)
	property("externalDNSAnnotations", c.ExternalDNS...)
	if c.NodeAddressExternal {
		property("nodeAddressType", "ExternalIP")
	}
	if c.PreferHostnames {
		property("loadBalancerAddressPreference", "hostname")
	}
	property("exclude", c.Exclude...)
	if c.Fallthrough {
		b.WriteString("        fallthrough\n")
	}
	fmt.Fprintf(&b, "    }\n    forward . %s {\n        max_fails 0\n        prefer_udp\n    }\n}\n", outside)
	return b.String()
}
