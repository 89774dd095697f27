package test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// freshness is how soon DNS shows a change that the API server has acknowledged.
const freshness = 100 * time.Millisecond

// A changed status shows in DNS at once: of an Ingress, which is watched over
// protobuf, and of a Gateway, which is JSON and answers through a route.
func TestChangesShowAtOnce(t *testing.T) {
	for kind, tc := range map[string]struct{ name, manifest, address string }{
		"Ingress": {"ingress.$ZONE", ingressManifest, "192.0.2.1"},
		"Gateway": {"http.$ZONE", gatewayManifest, "192.0.2.3"},
	} {
		t.Run(kind, func(t *testing.T) {
			c := newCorner(t)
			c.apply(httpRouteManifest)
			c.apply(tc.manifest)
			s := c.serve(allKinds)
			s.await(c.expand(tc.name), dns.TypeA, tc.address)

			const changes = 11
			waits := make([]time.Duration, changes)
			for i := range waits {
				address := fmt.Sprintf("198.51.100.%d", i)
				c.apply(strings.ReplaceAll(tc.manifest, tc.address, address))
				start := time.Now()
				s.spin(c.expand(tc.name), address)
				waits[i] = time.Since(start)
			}
			slices.Sort(waits)
			median := waits[changes/2]
			t.Logf("median %s, longest %s", median, waits[changes-1])
			if median > freshness {
				t.Errorf("half of %d changes took longer than %s to show: %v", changes, freshness, waits)
			}
		})
	}
}

// spin asks for A without pause until the answer is the wanted one.
func (s *server) spin(name, want string) {
	s.t.Helper()
	deadline := time.Now().Add(awaitTimeout)
	for got := ""; got != want; got = dig.Short(s.ask("udp", name, dns.TypeA)) {
		if time.Now().After(deadline) {
			s.t.Fatalf("%s A: still %s after %s, want %s", name, got, awaitTimeout, want)
		}
	}
}
