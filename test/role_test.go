package test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// With nothing but a Role in each of two namespaces, and `namespaces`, every kind
// in them answers, other namespaces do not, and the log is silent (R2, Z13).
func TestRolesInTwoNamespaces(t *testing.T) {
	c := newCorner(t)
	labels := map[string]string{"$NAMESPACE": "a", "$NAMESPACE-b": "b", "$NAMESPACE-c": "c"}
	for namespace, label := range labels {
		c.apply(in(namespacedManifest, namespace, label))
		c.apply(in(abroadManifest, namespace, label))
	}
	c.allow("$NAMESPACE", namespaced)
	c.allow("$NAMESPACE-b", namespaced)
	said := newLogged(t)
	s := c.serve(strings.ReplaceAll(inTwoNamespaces, "$ACCOUNT", c.account()))

	for namespace, label := range labels {
		for _, a := range namespacedAnswers {
			name := c.expand(in(a.name, namespace, label))
			if label == "c" {
				s.await(name, a.qtype, "NXDOMAIN")
			} else {
				s.await(name, a.qtype, a.want)
			}
		}
	}
	// A route in another namespace than its Gateway: both have to be watched.
	s.expect("udp", c.expand("abroad.b.a.$ZONE"), dns.TypeA, "192.0.2.3")
	s.expect("udp", c.expand("abroad.c.a.$ZONE"), dns.TypeA, "NXDOMAIN")
	s.expect("udp", c.expand("beyond.b.c.$ZONE"), dns.TypeA, "NXDOMAIN")
	for _, level := range []string{"ERROR", "WARNING"} {
		if lines := said.lines(level); len(lines) > 0 {
			t.Errorf("logged: %q", lines)
		}
	}

	c.apply(in(strings.ReplaceAll(namespacedManifest, "192.0.2.", "198.51.100."), "$NAMESPACE-b", "b"))
	for _, a := range namespacedAnswers {
		s.await(c.expand(in(a.name, "$NAMESPACE-b", "b")), a.qtype, strings.ReplaceAll(a.want, "192.0.2.", "198.51.100."))
	}
}

// abroadManifest has routes to the Gateways of two other namespaces.
const abroadManifest = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: abroad, namespace: $NS}
spec: {parentRefs: [{name: gw, namespace: $NAMESPACE}], hostnames: [abroad.$LABEL.a.$ZONE]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: beyond, namespace: $NS}
spec: {parentRefs: [{name: gw, namespace: $NAMESPACE-c}], hostnames: [beyond.$LABEL.c.$ZONE]}
`

// The labels of Namespaces cannot be read with Roles. A listener that selects by
// them takes no route then; that is said once, and everything else answers (R2).
func TestSelectorWithRolesOnly(t *testing.T) {
	c := newCorner(t)
	c.apply(in(namespacedManifest, "$NAMESPACE", "a"))
	c.apply(selectingSet)
	c.allow("$NAMESPACE", namespaced)
	c.allow("$NAMESPACE-b", namespaced)
	said := newLogged(t)
	s := c.serve(strings.ReplaceAll(inTwoNamespaces, "$ACCOUNT", c.account()))
	for _, a := range namespacedAnswers {
		if a.name == "set.$LABEL.$ZONE" {
			a.want = "NXDOMAIN"
		}
		s.await(c.expand(in(a.name, "$NAMESPACE", "a")), a.qtype, a.want)
	}
	if lines := said.lines("ERROR"); len(lines) > 0 {
		t.Errorf("logged: %q", lines)
	}
	if lines := said.lines("WARNING"); len(lines) != 1 || !strings.Contains(lines[0], "Namespace: no permission") {
		t.Errorf("logged %q, want one warning about Namespaces", lines)
	}
}
