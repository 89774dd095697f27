package gateway

import (
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

const (
	edns  = "external-dns.kubernetes.io/"
	alpha = "external-dns.alpha.kubernetes.io/"
)

// L3: of external-dns's annotations none counts by default, but for `hostname` on Services.
func TestExternalDNSOffByDefault(t *testing.T) {
	for _, prefix := range []string{edns, alpha} {
		annotations := strings.ReplaceAll("PREFIXhostname: one.example.com, PREFIXtarget: 192.0.2.7, PREFIXttl: \"7\", PREFIXcontroller: other", "PREFIX", prefix)
		for _, kind := range append([]string{"DNSEndpoint"}, annotatedKinds...) {
			switch kind {
			case "Service":
				l := newLive(t, "resources Service", annotated(kind, annotations))
				l.ask(a("one.example.com.", "192.0.2.1"), nxdomain("web.example.com.", dns.TypeA))
			case "Gateway", "TCPRoute", "UDPRoute":
				newLive(t, "resources "+kind, annotated(kind, annotations)).only("one web", "")
				newLive(t, "resources "+kind, annotated(kind, annotations+", "+namedWeb)).ask(a("web.example.com.", "192.0.2.1"))
			default:
				newLive(t, "resources "+kind, annotated(kind, annotations)).ask(a("web.example.com.", "192.0.2.1"), nxdomain("one.example.com.", dns.TypeA))
			}
			if t.Failed() {
				t.Fatal(kind, prefix)
			}
		}
	}
}

// L3: each key by itself, where it is asked for, in every kind, under either prefix.
func TestExternalDNSKeys(t *testing.T) {
	for _, kind := range annotatedKinds {
		for _, prefix := range []string{edns, alpha} {
			values := strings.ReplaceAll("PREFIXtarget: 192.0.2.7, PREFIXttl: \"7\"", "PREFIX", prefix) + ", " + namedWeb
			for keys, want := range map[string][2]string{"hostname": {"60", "192.0.2.1"}, "target": {"60", "192.0.2.7"}, "ttl": {"7", "192.0.2.1"}, "ttl target": {"7", "192.0.2.7"}} {
				l := newLive(t, "resources "+kind+"\nexternalDNSAnnotations "+keys, annotated(kind, values))
				l.ask(withTTL(want[0], dns.TypeA, "web.example.com.", []string{want[1]}))
				if t.Failed() {
					t.Fatal(kind, prefix, keys)
				}
			}
			l := newLive(t, "resources "+kind+"\nexternalDNSAnnotations hostname", annotated(kind, prefix+"hostname: \"one.example.com, two.example.com.\""))
			l.ask(a("one.example.com.", "192.0.2.1"), a("two.example.com.", "192.0.2.1"))
			if t.Failed() {
				t.Fatal(kind, prefix)
			}
		}
	}
}

// L3: `controller`, where asked for, leaves objects to somebody else unless it names external-dns's own.
func TestExternalDNSController(t *testing.T) {
	for _, kind := range append([]string{"DNSEndpoint"}, annotatedKinds...) {
		for annotations, want := range map[string]bool{
			"":                                   true,
			alpha + "controller: dns-controller": true,
			edns + "controller: dns-controller":  true,
			alpha + "controller: other":          false,
			edns + "controller: other":           false,
			alpha + "controller: \"\"":           false,
			alpha + "controller: Dns-Controller": false,
			"coredns.io/controller: other":       true,
			edns + "controller: dns-controller, " + alpha + "controller: other": true,
			edns + "controller: other, " + alpha + "controller: dns-controller": false,
		} {
			if annotations != "" {
				annotations += ", "
			}
			served := ""
			if want {
				served = "web"
			}
			newLive(t, "resources "+kind+"\nexternalDNSAnnotations controller", annotated(kind, annotations+namedWeb)).only("web", served)
			newLive(t, "resources "+kind, annotated(kind, annotations+namedWeb)).only("web", "web")
			if t.Failed() {
				t.Fatal(kind, annotations)
			}
		}
	}
}

// L3: the plugin's own annotation comes first, then external-dns's under its new prefix, then under the old.
// One that is there is not passed over for the next, good or not.
func TestExternalDNSOrder(t *testing.T) {
	for _, key := range []struct{ name, own, external, alpha, fallback string }{
		{"target", "192.0.2.11", "192.0.2.12", "192.0.2.13", "192.0.2.1"},
		{"ttl", "11", "12", "13", "60"},
	} {
		for _, tc := range []struct {
			prefixes []string
			want     string
		}{
			{[]string{"coredns.io/", edns, alpha}, key.own},
			{[]string{edns, alpha}, key.external},
			{[]string{alpha}, key.alpha},
			{[]string{"coredns.io/", alpha}, key.own},
			{nil, key.fallback},
		} {
			values := map[string]string{"coredns.io/": key.own, edns: key.external, alpha: key.alpha}
			annotations := []string{namedWeb}
			for _, prefix := range tc.prefixes {
				annotations = append(annotations, fmt.Sprintf("%s%s: %q", prefix, key.name, values[prefix]))
			}
			for _, kind := range annotatedKinds {
				ttl, addr := "60", tc.want
				if key.name == "ttl" {
					ttl, addr = tc.want, "192.0.2.1"
				}
				l := newLive(t, "resources "+kind+"\nexternalDNSAnnotations target ttl", annotated(kind, strings.Join(annotations, ", ")))
				l.ask(withTTL(ttl, dns.TypeA, "web.example.com.", []string{addr}))
				if t.Failed() {
					t.Fatal(kind, annotations)
				}
			}
		}
	}
	l := newLive(t, "resources Ingress\nexternalDNSAnnotations hostname", annotated("Ingress", "coredns.io/hostname: one.example.com, "+edns+"hostname: two.example.com, "+alpha+"hostname: three.example.com"))
	l.only("web one two three", "web one")
}
