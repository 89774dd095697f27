package test

import (
	"strings"

	"github.com/miekg/dns"
)

// A condition as controllers write it.
func condition(name, status, reason string) string {
	return strings.NewReplacer("$NAME", name, "$STATUS", status, "$REASON", reason).Replace(
		`{type: $NAME, status: "$STATUS", reason: $REASON, message: written by a test, observedGeneration: 1, lastTransitionTime: "2026-01-01T00:00:00Z"}`)
}

// Conditions of listeners, Gateways and ListenerSets.
var (
	accepted      = condition("Accepted", "True", "Accepted")
	programmed    = condition("Programmed", "True", "Programmed")
	notProgrammed = condition("Programmed", "False", "Invalid")
	resolved      = condition("ResolvedRefs", "True", "ResolvedRefs")
	noConflict    = condition("Conflicted", "False", "NoConflicts")
	good          = strings.Join([]string{accepted, programmed, resolved, noConflict}, ", ")
)

// conditions replaces in a manifest what stands for conditions of a parent or a
// listener: $GOOD, and by its reason whatever is wrong.
func conditions(manifest string) string {
	bad := func(list ...string) string { return strings.Join(list, ", ") }
	return strings.NewReplacer(
		"$GOOD", good,
		"$ACCEPTED", bad(accepted, resolved),
		"$UNPROGRAMMED", bad(accepted, notProgrammed, noConflict, condition("ResolvedRefs", "False", "InvalidCertificateRef")),
		"$NO_BACKEND", bad(accepted, condition("ResolvedRefs", "False", "BackendNotFound")),
		"$NO_HOSTNAME", bad(condition("Accepted", "False", "NoMatchingListenerHostname"), resolved),
		"$NO_PARENT", bad(condition("Accepted", "False", "NoMatchingParent"), resolved),
		"$NOT_ALLOWED", bad(condition("Accepted", "False", "NotAllowedByListeners"), resolved),
		"$KINDS", bad(accepted, programmed, noConflict, condition("ResolvedRefs", "False", "InvalidRouteKinds")),
		"$PROTOCOL", bad(condition("Accepted", "False", "UnsupportedProtocol"), notProgrammed, resolved),
		"$CONFLICT", bad(condition("Accepted", "False", "HostnameConflict"), notProgrammed, condition("Conflicted", "True", "HostnameConflict"), resolved),
		"$CONTROLLER", "controllerName: example.net/controller",
		"$REF", "group: gateway.networking.k8s.io, kind: Gateway",
		"$SETREF", "group: gateway.networking.k8s.io, kind: ListenerSet",
		"$API", "gateway.networking.k8s.io/v1",
	).Replace(manifest)
}

// question is a question for A, and its answer.
type question struct{ name, want string }

// answers awaits the answers to questions about manifests: of a server that sees
// the objects come one by one, and of one that finds them all there.
func (c *corner) answers(manifests []string, questions []question) {
	c.t.Helper()
	early := c.serve(attachmentServer)
	for _, manifest := range manifests {
		c.apply(conditions(manifest))
	}
	for _, s := range []*server{early, c.serve(attachmentServer)} {
		for _, q := range questions {
			s.await(c.expand(q.name), dns.TypeA, q.want)
			if q.want == "NXDOMAIN" || q.want == "NODATA" { // for every type (Z10)
				s.expect("udp", c.expand(q.name), dns.TypeTXT, q.want)
			}
		}
	}
}

// attachmentServer is a Corefile for all kinds of routes.
const attachmentServer = `
$ZONE:0 {
    bind 127.0.0.1
    errors
    k8s_gateway {
        resources HTTPRoute TLSRoute GRPCRoute TCPRoute UDPRoute
        kubeconfig $KUBECONFIG
        apex ns1 192.0.2.53
    }
}
`
