package soak

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	_ "github.com/coredns/coredns/plugin/forward" // asks the server for what is not ours
	clog "github.com/coredns/coredns/plugin/pkg/log"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testserver"
	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

func init() {
	clog.Discard() // thousands of objects have bad values
}

// server is the CoreDNS under test.
type server = testserver.Server

// start starts CoreDNS.
func start(t *testing.T, corefile string) *server {
	t.Helper()
	s, err := testserver.Start(corefile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func stop(t *testing.T, s *server) {
	t.Helper()
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
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
	property("steer", c.Steer...)
	for _, n := range c.Networks {
		args := []string{n.Name}
		for _, p := range n.Prefixes {
			args = append(args, p.String())
		}
		property("network", args...)
	}
	if c.Fallthrough {
		b.WriteString("        fallthrough\n")
	}
	fmt.Fprintf(&b, "    }\n    forward . %s {\n        max_fails 0\n        prefer_udp\n    }\n}\n", outside)
	return b.String()
}
