package test

import (
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// pickup is how soon a kind answers whose API appears, or may be read at last (R2).
const pickup = 30 * time.Second

// A kind that may not be read does not keep the others from answering, counts as
// empty and is said once; it answers soon after it may be read, without a
// restart (R2). The kinds that others depend on are no different.
func TestForbiddenKind(t *testing.T) {
	said := newLogged(t)
	for _, resource := range deniedResources {
		t.Run(resource, func(t *testing.T) {
			t.Parallel()
			c := newCorner(t)
			c.apply(in(namespacedManifest, "$NAMESPACE", "a"))
			c.allow("$NAMESPACE", without(resource))
			c.allow("$NAMESPACE-b", without(resource))
			s := c.serve(strings.ReplaceAll(inTwoNamespaces, "$ACCOUNT", c.account()))

			// No name in here is an empty non-terminal.
			others := answers{"nothing.$ZONE": "NXDOMAIN"}
			for _, a := range namespacedAnswers {
				name := c.expand(in(a.name, "$NAMESPACE", "a"))
				switch {
				case a.resource == resource, resource == gateways && a.want == "192.0.2.3":
					s.await(name, a.qtype, "NXDOMAIN")
				default:
					s.await(name, a.qtype, a.want)
					if a.qtype == dns.TypeA {
						others[name] = a.want
					}
				}
			}
			s.await(c.expand("nothing.$ZONE"), dns.TypeA, "NXDOMAIN")
			st := s.stream(others)

			c.allow("$NAMESPACE", namespaced)
			c.allow("$NAMESPACE-b", namespaced)
			for _, a := range namespacedAnswers {
				took := s.awaitWithin(pickup, c.expand(in(a.name, "$NAMESPACE", "a")), a.qtype, a.want)
				if took > time.Second {
					t.Logf("%s after %s", a.name, took.Round(time.Second))
				}
			}
			st.end()
			for _, namespace := range []string{"$NAMESPACE", "$NAMESPACE-b"} {
				if lines := said.lines("WARNING", c.expand(`in the namespace "`+namespace+`"`)); len(lines) != 1 {
					t.Errorf("warned %d times: %q", len(lines), lines)
				}
			}
		})
	}
	t.Cleanup(func() {
		for _, what := range []string{"ERROR", "starting without"} { // the warning about the permission says it all
			if lines := said.lines(what); len(lines) > 0 {
				t.Errorf("logged: %q", lines)
			}
		}
	})
}

// deniedResources are of a kind by itself, and of those that others are joined with.
var deniedResources = []string{
	"dnsendpoints.externaldns.k8s.io", gateways, "listenersets.gateway.networking.k8s.io", "endpointslices.discovery.k8s.io",
}

const gateways = "gateways.gateway.networking.k8s.io"
