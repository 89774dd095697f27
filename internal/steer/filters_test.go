package steer

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// T3: which addresses each client gets, and for which clients a cache may keep the answer (T7).
func TestSubnet(t *testing.T) {
	targets := []zone.Target{
		aTarget("site", 0, plain, "10.0.0.1", "10.1.2.9", "10.9.9.9", "fd7a:115c:a1e0::1"),
		aTarget("vpn", 0, plain, "100.64.0.1"),
		aTarget("public", 1, plain, "192.0.2.1", "2001:db8::1"),
		aTarget("alias", 1, plain),
	}
	all := "alias public=192.0.2.1+2001:db8::1 site=10.0.0.1+10.1.2.9+10.9.9.9+fd7a:115c:a1e0::1 vpn=100.64.0.1"
	for _, tc := range []struct {
		client, want string
		scope        uint8
	}{
		{"10.0.0.5", "site=10.0.0.1+10.9.9.9", 0}, // no client subnet, no scope
		{"::ffff:10.0.0.5", "site=10.0.0.1+10.9.9.9", 0},
		{"10.1.2.5", "site=10.1.2.9", 0},
		{"100.64.9.9", "site=fd7a:115c:a1e0::1 vpn=100.64.0.1", 0},
		{"fd7a:115c:a1e0::9", "site=fd7a:115c:a1e0::1 vpn=100.64.0.1", 0},
		{"192.0.2.9", all, 0}, // in no network
		{"10.200.0.0/16", "site=10.0.0.1+10.9.9.9", 9},
		{"10.1.2.0/24", "site=10.1.2.9", 24},
		{"10.1.2.128/25", "site=10.1.2.9", 24},
		{"10.1.3.0/24", "site=10.0.0.1+10.9.9.9", 24},
		{"10.1.0.0/16", "site=10.0.0.1+10.9.9.9", 16}, // dmz is a part of it only
		{"0.0.0.0/1", "site=10.0.0.1+10.1.2.9+10.9.9.9 vpn=100.64.0.1", 1},
		{"192.0.2.0/24", "public=192.0.2.1", 24}, // what it sent is its network
		{"198.51.100.0/24", all, 24},
		{"2001:db8::/32", "public=2001:db8::1", 32},
		{"fd7a:115c:a1e0:1::/64", "site=fd7a:115c:a1e0::1 vpn=100.64.0.1", 48},
	} {
		got, scope := keptScope(chain(t, "subnet"), client(tc.client), targets...)
		if got != tc.want || scope != tc.scope {
			t.Errorf("%s gets %s with scope %d, want %s with %d", tc.client, got, scope, tc.want, tc.scope)
		}
	}
	if got := kept(chain(t, "subnet!"), client("198.51.100.0/24"), targets...); got != "refused" {
		t.Errorf("subnet! keeps %s of addresses that are in no network of the client", got)
	}
	if got := kept(chain(t, "subnet!"), client("198.51.100.1"), targets...); got != all {
		t.Errorf("subnet! keeps %s for a client in no network that sent no subnet, want all", got)
	}
}

// T3: a target whose annotation names its clients, whatever its addresses are.
func TestClients(t *testing.T) {
	targets := []zone.Target{
		aTarget("lan", 0, record.Stated{Networks: []int{0}}, "192.0.2.1"),
		aTarget("cidr", 0, record.Stated{Clients: prefixes("192.0.2.0/25", "2001:db8::/32")}, "192.0.2.2"),
		aTarget("alias", 0, record.Stated{Networks: []int{2}}),
	}
	for _, tc := range []struct {
		client, want string
		scope        uint8
	}{
		{"10.0.0.5", "lan=192.0.2.1", 0},
		{"10.1.2.5", "refused", 0}, // dmz, not lan
		{"100.64.0.1", "alias", 0},
		{"192.0.2.7", "cidr=192.0.2.2", 0},
		{"192.0.2.200", "refused", 0},
		{"192.0.2.0/24", "refused", 24}, // half of it only
		{"192.0.2.64/26", "cidr=192.0.2.2", 26},
		{"2001:db8:1::/48", "cidr=192.0.2.2", 48},
		{"10.200.0.0/16", "lan=192.0.2.1", 16},
	} {
		got, scope := keptScope(chain(t, "subnet!"), client(tc.client), targets...)
		if got != tc.want || scope != tc.scope {
			t.Errorf("%s gets %s with scope %d, want %s with %d", tc.client, got, scope, tc.want, tc.scope)
		}
	}
}

// T5: priority goes before the order of clusters.
func TestFirst(t *testing.T) {
	for _, tc := range []struct {
		what, want string
		targets    []zone.Target
	}{
		{"clusters in any order", "a b", []zone.Target{aTarget("c", 2, plain), aTarget("a", 1, plain), aTarget("b", 1, plain)}},
		{"a priority", "c", []zone.Target{aTarget("c", 2, record.Stated{Priority: -1}), aTarget("a", 0, plain)}},
		{"a last resort", "c", []zone.Target{aTarget("a", 0, record.Stated{Priority: 10}), aTarget("c", 2, plain)}},
		{"priorities in one cluster", "b", []zone.Target{aTarget("a", 0, record.Stated{Priority: 2}), aTarget("b", 0, record.Stated{Priority: 1})}},
	} {
		if got := kept(chain(t, "first"), client("192.0.2.1"), tc.targets...); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.what, got, tc.want)
		}
	}
}

// T6: over 10,000 questions the targets are drawn in proportion to their weights. A target of weight 0 is never drawn, unless all have it.
func TestWeighted(t *testing.T) {
	draw := func(targets ...zone.Target) map[string]int {
		c, n := chain(t, "weighted"), map[string]int{}
		for range 10_000 {
			n[kept(c, client("192.0.2.1"), targets...)]++
		}
		return n
	}
	near := func(got, want int) bool { return got > want-300 && got < want+300 }
	n := draw(aTarget("one", 0, plain), aTarget("three", 0, record.Stated{Weight: 3}), aTarget("none", 1, record.Stated{Weight: 0}))
	if !near(n["one"], 2500) || !near(n["three"], 7500) || len(n) != 2 {
		t.Errorf("weights of 1, 3 and 0: %v", n)
	}
	if n = draw(aTarget("a", 0, record.Stated{}), aTarget("b", 0, record.Stated{})); !near(n["a"], 5000) || len(n) != 2 {
		t.Errorf("all have the weight 0: %v", n)
	}
	// The A and AAAA endpoints of one setIdentifier are one target.
	v4 := aTarget("both", 0, record.Stated{ID: "one", Weight: 1}, "192.0.2.1")
	v6 := aTarget("both", 0, record.Stated{ID: "one", Weight: 1}, "2001:db8::1")
	v6.Record = v4.Record
	if n = draw(v4, v6, aTarget("other", 0, plain)); !near(n["other"], 5000) || !near(n["both=192.0.2.1 both=2001:db8::1"], 5000) {
		t.Errorf("a target of two families: %v", n)
	}
}

// T6: all lookups for one question draw with the same number, so that A and its additional records agree.
func TestWeightedOnce(t *testing.T) {
	c := chain(t, "weighted")
	for range 100 {
		q := c.NewQuestion()
		var first string
		for i := range 5 {
			list := append(q.Targets("web.example.com"), aTarget("a", 0, plain), aTarget("b", 0, plain))
			got, _ := q.Choose(nil, list)
			if name := got[0].Record.Name; i == 0 {
				first = name
			} else if name != first {
				t.Fatal("two lookups of one question differ")
			}
			q.Done(list)
		}
		q.Release()
	}
}

// T4: which places are near.
func TestGeo(t *testing.T) {
	targets := []zone.Target{
		aTarget("berlin", 0, at(t, "DE-BE"), "192.0.2.1"), aTarget("hamburg", 0, at(t, "DE-HH"), "192.0.2.2"), aTarget("paris", 0, at(t, "FR"), "192.0.2.3"),
		aTarget("anywhere in asia", 0, at(t, "GEO-AS"), "192.0.2.4"), aTarget("unknown", 1, plain, "192.0.2.5"),
		aTarget("boston", 0, at(t, "42.36,-71.06"), "192.0.2.6"), aTarget("cambridge", 0, at(t, "42.37,-71.11"), "192.0.2.7"), aTarget("sydney", 0, at(t, "-33.87,151.21"), "192.0.2.8"),
		aTarget("tokyo", 2, plain, "192.0.2.9"), // by its cluster
	}
	names := func(who Client, filters string) string {
		list := make([]zone.Target, len(targets))
		for i, t := range targets {
			t.Addrs = nil
			list[i] = t
		}
		return kept(chain(t, filters, "", "", "JP-13"), who, list...)
	}
	who := func(continent, country, subdivision, lat, lon string) Client {
		c := client("192.0.2.9")
		c.Place = place.Place{Continent: continent, Country: country, Subdivision: subdivision, Point: place.ParsePoint(lat, lon)}
		return c
	}
	all := "anywhere in asia berlin boston cambridge hamburg paris sydney tokyo unknown"
	for _, tc := range []struct {
		what   string
		client Client
		want   string
	}{
		{"the same subdivision", who("EU", "DE", "BE", "52.5", "13.4"), "berlin"},
		{"the same country", who("EU", "DE", "BY", "", ""), "berlin hamburg"},
		{"a country without its subdivision", who("EU", "DE", "", "", ""), "berlin hamburg"},
		{"the same continent", who("EU", "ES", "", "", ""), "berlin hamburg paris"},
		{"a continent, and a country in it", who("AS", "KR", "", "", ""), "anywhere in asia tokyo"},
		{"the country of a cluster", who("AS", "JP", "27", "", ""), "tokyo"},
		{"no place is near, so that distances count", who("NA", "US", "MA", "42.37", "-71.10"), "cambridge"},
		{"equal within 1 %", who("OC", "NZ", "", "-36.8", "174.8"), "sydney"},
		{"far from both", who("SA", "CL", "", "-33.4", "-70.6"), "boston cambridge"},
		{"nothing is known of the client", who("", "", "", "", ""), all},
		{"nothing is near, and the client has no point", who("AF", "KE", "", "", ""), all},
	} {
		if got := names(tc.client, "geo"); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.what, got, tc.want)
		}
	}
	if got := names(who("AF", "KE", "", "", ""), "geo!"); got != "refused" {
		t.Errorf("geo! keeps %s where nothing is near", got)
	}
}

// T1: filters apply in their order, each to the targets that the one before kept, and each fails open on its own.
func TestChain(t *testing.T) {
	ready, unready := &record.Readiness{}, &record.Readiness{}
	unready.Set(record.Unready)
	with := func(t zone.Target, r *record.Readiness) zone.Target {
		t.Data.Steering.Readiness = r
		return t
	}
	make := func() []zone.Target {
		return []zone.Target{
			with(aTarget("lan-a", 0, plain, "10.0.0.1"), unready), with(aTarget("lan-b", 1, plain, "10.0.0.2"), ready),
			with(aTarget("public", 0, plain, "192.0.2.1"), ready), with(aTarget("vpn", 1, plain, "100.64.0.1"), unready),
		}
	}
	for _, tc := range []struct{ filters, client, want string }{
		{"healthy subnet first", "10.0.0.9", "lan-b=10.0.0.2"},
		{"subnet first healthy", "10.0.0.9", "lan-a=10.0.0.1"}, // the only one that is left is not ready: healthy fails open
		{"subnet healthy!", "100.64.0.9", "refused"},
		{"healthy! subnet", "100.64.0.9", "lan-b=10.0.0.2 public=192.0.2.1"},
		{"first healthy subnet!", "10.0.0.9", "refused"},
		{"first healthy subnet", "10.0.0.9", "public=192.0.2.1"},
	} {
		if got := kept(chain(t, tc.filters), client(tc.client), make()...); got != tc.want {
			t.Errorf("steer %s keeps %s for %s, want %s", tc.filters, got, tc.client, tc.want)
		}
	}
}

// R6: a question with a usual number of targets is steered without an allocation.
func TestAllocs(t *testing.T) {
	c := chain(t, "healthy subnet geo first weighted", "DE", "FR")
	targets := []zone.Target{aTarget("a", 0, plain, "10.0.0.1", "10.0.0.2", "fd7a:115c:a1e0::1"), aTarget("b", 1, plain, "192.0.2.1")}
	who := client("10.0.0.0/16")
	who.Country = "DE"
	n := testing.AllocsPerRun(200, func() {
		q := c.NewQuestion()
		q.Client = who
		list := append(q.Targets("web.example.com"), targets...)
		q.Choose(nil, list)
		q.Done(list)
		q.Release()
	})
	if n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// N7: the addresses of a network are found in long lists by binary search, and no more are copied than one reply could have.
func TestSubnetOfLongLists(t *testing.T) {
	var addrs []string
	for i := range 3800 {
		addrs = append(addrs, netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 1}).String())
	}
	long := aTarget("long", 0, plain, addrs...)
	var targets []zone.Target
	for range 100 {
		targets = append(targets, long)
	}
	c := chain(t, "subnet")
	q := c.NewQuestion()
	q.Client = client("10.9.9.9")
	list := append(q.Targets("web.example.com"), targets...)
	got, _ := q.Choose(nil, list)
	n := 0
	for i := range got {
		if len(got[i].Addrs) > 0 && &got[i].Addrs[0] != &long.Addrs[0] {
			n += len(got[i].Addrs)
		}
	}
	if n > record.MaxLongLists+len(long.Addrs) {
		t.Errorf("%d addresses were copied", n)
	}
	q.Done(list)
	q.Release()
}

// N7: long lists of one object take no address of an ordinary object.
func TestSubnetShortListsBesideLongOnes(t *testing.T) {
	n := &Networks{}
	n.Add("lan", prefixes("10.0.0.0/8", "fd00::/8"))
	c := New([]string{"subnet"}, n, nil, nil)
	addrs := []string{"192.0.2.1", "fd00::a"}
	for i := range 3800 {
		addrs = append(addrs, netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 1}).String())
	}
	long := aTarget("long", 0, plain, addrs...)
	got := kept(c, client("10.0.0.5"), long, long, long, aTarget("short", 0, plain, "10.1.1.1", "192.0.2.1", "fd00::b"))
	if !strings.HasSuffix(got, "short=10.1.1.1+fd00::b") {
		t.Errorf("the ordinary object has %s", got[strings.LastIndex(got, " ")+1:])
	}
}
