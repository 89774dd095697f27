package gatewayapi_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/gatewayapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// beginChange begins the change of a Gateway, and rebinds none of its routes yet, as if the Gateway had very many.
func beginChange(f *fixture.Stanza, manifest string) (finish func()) {
	f.T.Helper()
	j := f.Sources.JoinOf(f.Clusters[0])
	for _, i := range j.GatewayInformers() {
		s := i.Storer.(*kube.TypedStorer[gatewayapi.ParentGateway])
		put := s.Put
		s.Put = func(old, new *gatewayapi.ParentGateway) {
			finish = j.BeginChange(old, new)
		}
		defer func() { s.Put = put }()
	}
	f.Apply(manifest)
	return finish
}

// serves checks that a name has one address.
func serves(f *fixture.Stanza, name, address string) {
	f.T.Helper()
	m, _ := f.Query(fixture.Expect(name + ". A").Msg())
	if len(m.Answer) != 1 || m.Answer[0].(*dns.A).A.String() != address {
		f.T.Errorf("%s: %v, want %s alone", name, m.Answer, address)
	}
}

// leavesNothing checks that the state of changes is empty.
func leavesNothing(f *fixture.Stanza) {
	f.T.Helper()
	f.Background.Wait()
	if n := f.Sources.JoinOf(f.Clusters[0]).LeftOfChanges(); n > 0 {
		f.T.Errorf("%d left of changes", n)
	}
}

// applyRoutes applies some routes of one name, each with a TTL of its own, so that each has a binding of its own.
func applyRoutes(f *fixture.Stanza, n int) {
	f.T.Helper()
	for n := range n {
		f.Apply(fixture.RouteWithTTL(fmt.Sprint("r", n), 100+n, "web.example.com"))
	}
}

// G6, Z15, A3: a Gateway that goes away and comes back with another address while a change of another Gateway may give its
// name to other routes: the name has the new address alone, and the serial moves.
func TestGatewayComesBack(t *testing.T) {
	for _, routes := range []int{1, zone.MinShared + 6} { // without a union, and with one
		t.Run(fmt.Sprint(routes), func(t *testing.T) {
			f := fixture.New(t, "resources HTTPRoute", fixture.AGateway("gw", "192.0.2.1"), fixture.AGateway("other"), fixture.ARoute("HTTPRoute", "other", "other", "*.example.com"))
			applyRoutes(f, routes)
			f.Complete()
			finish := beginChange(f, fixture.AGateway("other", "192.0.2.9"))
			if !f.Moves("example.com", func() { f.Remove(fixture.AGateway("gw")) }) {
				t.Error("the serial did not move when the address went away")
			}
			if !f.Moves("example.com", func() { f.Apply(fixture.AGateway("gw", "192.0.2.2")) }) {
				t.Error("the serial did not move when the other address came")
			}
			serves(f, "web.example.com", "192.0.2.2")
			finish()
			serves(f, "web.example.com", "192.0.2.2")
			leavesNothing(f)
		})
	}
}

// G6, A3: a new route takes a name over from one that was removed while its Gateway was away: it has the new address.
func TestGatewayComesBackForAnotherRoute(t *testing.T) {
	f := fixture.New(t, "resources HTTPRoute", fixture.AGateway("gw", "192.0.2.1"), fixture.AGateway("other"), fixture.ARoute("HTTPRoute", "other", "other", "*.example.com"))
	applyRoutes(f, zone.MinShared+6)
	f.Complete()
	finish := beginChange(f, fixture.AGateway("other", "192.0.2.9"))
	f.Remove(fixture.AGateway("gw"))
	for n := range zone.MinShared + 6 {
		f.Remove(fixture.RouteWithTTL(fmt.Sprint("r", n), 100+n, "web.example.com"))
	}
	f.Apply(fixture.AGateway("gw", "192.0.2.2"))
	if !f.Moves("example.com", func() { f.Apply(fixture.RouteWithTTL("s", 100, "web.example.com")) }) {
		t.Error("the serial did not move")
	}
	serves(f, "web.example.com", "192.0.2.2")
	finish()
	serves(f, "web.example.com", "192.0.2.2")
	leavesNothing(f)
}

// G6: a route that is removed while a change of another Gateway may give its name to another route keeps its binding. Then its Gateway
// has another address.
func TestKeptBindingFollowsItsGateway(t *testing.T) {
	for _, routes := range []int{2, zone.MinShared + 6} { // without a union, and with one
		t.Run(fmt.Sprint(routes), func(t *testing.T) {
			f := fixture.New(t, "resources HTTPRoute", fixture.AGateway("gw", "192.0.2.1"), fixture.AGateway("other"), fixture.ARoute("HTTPRoute", "other", "other", "*.example.com"))
			applyRoutes(f, routes)
			f.Complete()
			finish := beginChange(f, fixture.AGateway("other", "192.0.2.9"))
			f.Remove(fixture.RouteWithTTL("r0", 100, "web.example.com"))
			f.Apply(fixture.AGateway("gw", "192.0.2.2"))
			serves(f, "web.example.com", "192.0.2.2")
			fixture.CompareUnions(t, f, "kept", "web.example.com")
			finish()
			serves(f, "web.example.com", "192.0.2.2")
			leavesNothing(f)
		})
	}
}

// G6, Z15, A3: one route takes over the name of another while the change of their Gateway has rebound neither.
func TestRoutesSwapDuringChange(t *testing.T) {
	f := fixture.New(t, "resources HTTPRoute", fixture.AGateway("gw", "192.0.2.1"))
	applyRoutes(f, zone.MinShared+6)
	f.Complete()
	finish := beginChange(f, fixture.AGateway("gw", "192.0.2.2"))
	f.Apply(fixture.RouteWithTTL("s", 100, "web.example.com"))
	if !f.Moves("example.com", func() { f.Remove(fixture.RouteWithTTL("r0", 100, "web.example.com")) }) {
		t.Error("the serial did not move")
	}
	finish()
	serves(f, "web.example.com", "192.0.2.2")
	leavesNothing(f)
}

// A3: the address of a Gateway changes and changes back before either change has rebound its routes: a secondary may have seen the address
// in between.
func TestSerialAddressChangesBack(t *testing.T) {
	f := fixture.New(t, "resources HTTPRoute", fixture.AGateway("gw", "192.0.2.1"), fixture.ARoute("HTTPRoute", "web", "gw", "web.example.com"))
	f.Complete()
	first := beginChange(f, fixture.AGateway("gw", "192.0.2.2"))
	second := beginChange(f, fixture.AGateway("gw", "192.0.2.1"))
	if !f.Moves("example.com", func() { first(); second() }) {
		t.Error("the serial did not move")
	}
	leavesNothing(f)
}

// G6, Z15: many routes share names under a Gateway with so many others that its changes are finished in the background.
func TestUnionsDuringLargeChange(t *testing.T) {
	const names = 20
	fresh := func(t *testing.T) *fixture.Stanza {
		f := fixture.New(t, "resources HTTPRoute", fixture.AGateway("gw", "192.0.2.1"))
		for i := range 40 {
			f.Apply(fixture.RouteWithTTL(fmt.Sprint("large", i), 60, fixture.Numbered(1000, fmt.Sprintf("h%%d.b%d.example.com", i))...))
		}
		for i := range names {
			for n := range zone.MinShared + 6 {
				f.Apply(fixture.RouteWithTTL(fmt.Sprintf("r%d-%d", i, n), 100+n, fmt.Sprintf("web%d.example.com", i)))
			}
		}
		f.Complete()
		return f
	}
	check := func(f *fixture.Stanza) {
		leavesNothing(f)
		for i := range names {
			serves(f, fmt.Sprintf("web%d.example.com", i), "192.0.2.2")
		}
	}
	t.Run("routes take over", func(t *testing.T) {
		f := fresh(t)
		f.Apply(fixture.AGateway("gw", "192.0.2.2"))
		for i := range names {
			host := fmt.Sprintf("web%d.example.com", i)
			f.Apply(fixture.RouteWithTTL(fmt.Sprint("s", i), 100, host))
			f.Remove(fixture.RouteWithTTL(fmt.Sprintf("r%d-0", i), 100, host))
		}
		check(f)
	})
	t.Run("Gateway comes back", func(t *testing.T) {
		f := fresh(t)
		f.Remove(fixture.AGateway("gw"))
		for j := f.Sources.JoinOf(f.Clusters[0]); j.Rebinding(); { // until the removal has come to all routes
		}
		f.Apply(fixture.AGateway("gw", "192.0.2.2"))
		check(f)
	})
}

// N7, Z9: what is removed while a change of another Gateway is under way is gone at once, unless the change may give its name
// to another route. Then the name answers until it has another route.
func TestRemovalDuringChange(t *testing.T) {
	ready := [2]string{fixture.AGateway("other"), fixture.AGateway("other", "192.0.2.9")}
	elsewhere := strings.Replace(fixture.AGateway("other"), "protocol: HTTP", "protocol: HTTP, hostname: elsewhere.example.com", 1)
	narrow := strings.Replace(ready[1], "protocol: HTTP", "protocol: HTTP, hostname: web.example.com", 1)
	for _, tc := range []struct {
		name   string
		change [2]string
		host   string   // of the route that is removed
		hosts  []string // of the other Gateway's route
		held   bool
	}{
		{"other names", ready, "web.example.com", []string{"a.example.com", "*.b.example.com"}, false},
		{"the same name", ready, "web.example.com", []string{"a.example.com", "web.example.com"}, true},
		{"wildcard above", ready, "web.b.example.com", []string{"a.example.com", "*.example.com"}, true},
		{"wildcard above the zone", ready, "web.example.com", []string{"*.com"}, true},
		{"wildcard beside", ready, "b.example.com", []string{"*.a.example.com"}, false},
		{"wildcard at the same name", ready, "*.b.example.com", []string{"*.b.example.com"}, true},
		{"names below a wildcard", ready, "*.b.example.com", []string{"web.b.example.com"}, true},
		{"listener's name", [2]string{fixture.AGateway("other"), narrow}, "web.example.com", nil, true},
		{"not the listener's name", [2]string{fixture.AGateway("other"), narrow}, "www.example.com", nil, false},
		{"targets of its own", [2]string{elsewhere, strings.Replace(fixture.AGateway("other"), "protocol: HTTP", "protocol: HTTP, hostname: web.example.com", 1)}, "web.example.com", nil, true},
		{"other addresses", [2]string{fixture.AGateway("other", "192.0.2.8"), ready[1]}, "web.example.com", []string{"web.b.example.com", "*.example.com"}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			route, other := fixture.ARoute("HTTPRoute", "web", "gw", tc.host), fixture.ARoute("HTTPRoute", "other", "other", tc.hosts...)
			if tc.name == "targets of its own" {
				other = strings.Replace(other, "metadata: {", "metadata: {annotations: {coredns.io/target: 192.0.2.9}, ", 1)
			}
			for what, object := range map[string]string{"route": route, "Gateway": fixture.AGateway("gw", "192.0.2.1")} {
				f := fixture.New(t, "resources HTTPRoute", fixture.AGateway("gw", "192.0.2.1"), tc.change[0], route, other)
				f.Complete()
				finish := beginChange(f, tc.change[1])
				f.Remove(object)
				j := f.Sources.JoinOf(f.Clusters[0])
				if held := j.Kept() > 0; held != tc.held {
					t.Errorf("%s: held: %t, want %t", what, held, tc.held)
				}
				answers := func() {
					if m, _ := f.Query(fixture.Expect(tc.host + ". A").Msg()); len(m.Answer) == 0 {
						t.Errorf("%s: no answer for %s", what, tc.host)
					}
				}
				covered := tc.held && !strings.HasPrefix(tc.host, "*")
				if what == "route" && covered {
					answers()
				}
				if finish(); covered {
					answers()
				}
				leavesNothing(f)
			}
		})
	}
}

// N7: the removal of a route does not wait for the change of a Gateway with very many routes, also one that gives them names.
func TestRemovalBesideLargeGateway(t *testing.T) {
	f := fixture.New(t, "resources HTTPRoute", fixture.AGateway("gw", "192.0.2.1"), fixture.AGateway("other", "192.0.2.7"))
	for i := range 40 {
		f.Apply(fixture.ARoute("HTTPRoute", fmt.Sprint("large", i), "gw", fixture.Numbered(1000, fmt.Sprintf("h%%d.b%d.example.com", i))...))
	}
	f.Complete()
	route := fixture.ARoute("HTTPRoute", "web", "other", "web.example.com")
	for _, change := range []string{fixture.AGateway("gw", "192.0.2.2"), fixture.AGateway("gw"), fixture.AGateway("gw", "192.0.2.3")} {
		f.Apply(route)
		start := time.Now()
		f.Apply(change)
		before := time.Since(start)
		f.Remove(route)
		for {
			if m, _ := f.Query(fixture.Expect("web.example.com. A").Msg()); m.Rcode == dns.RcodeNameError {
				break
			}
			time.Sleep(time.Millisecond)
		}
		removed := time.Since(start) - before
		f.Background.Wait()
		all := time.Since(start)
		t.Logf("the removal took %v, the change %v", removed, all)
		if removed > all/3 {
			t.Errorf("the removal took %v beside a change of %v", removed, all)
		}
	}
	leavesNothing(f)
}
