package gateway

import "testing"

// SECURITY.md, "Who can claim which name": any object in a watched namespace can claim any name, and those of one kind
// that claim the same name are united, with the least TTL.
func TestTenantsShareAName(t *testing.T) {
	f := newFixture(t, "resources Ingress Service", tenant("a", ingressAt("shop", "shop.example.com", "192.0.2.1")), tenant("b", `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: mine, namespace: b, annotations: {coredns.io/target: 198.51.100.66, coredns.io/ttl: 1s}}
spec: {rules: [{host: shop.example.com}]}
`))
	f.check(expect("shop.example.com. A", "shop.example.com. 1 IN A 192.0.2.1", "shop.example.com. 1 IN A 198.51.100.66"))
}

// An address takes the name from an alias of the same kind altogether.
func TestTenantsAddressBeatsAnothersAlias(t *testing.T) {
	f := newFixture(t, "resources Ingress", tenant("a", ingressAt("shop", "shop.example.com", "lb.example.net")))
	f.outside("lb.example.net. 30 IN A 192.0.2.9")
	f.check(expect("shop.example.com. A", "shop.example.com. 60 IN CNAME lb.example.net.", "lb.example.net. 30 IN A 192.0.2.9"))
	f.apply(tenant("b", ingressAt("mine", "shop.example.com", "198.51.100.66")))
	f.check(expect("shop.example.com. A", "shop.example.com. 60 IN A 198.51.100.66"))
}

// A kind that comes first in `resources` takes the name from all others, the name that a Service has by itself included.
func TestTenantsKindComesFirst(t *testing.T) {
	f := newFixture(t, "resources Ingress Service", tenant("a", aService("db", "", "192.0.2.1")))
	f.check(expect("db.a.example.com. A", "db.a.example.com. 60 IN A 192.0.2.1"))
	f.apply(tenant("b", ingressAt("mine", "db.a.example.com", "198.51.100.66")))
	f.check(expect("db.a.example.com. A", "db.a.example.com. 60 IN A 198.51.100.66"))
}

// A name can be taken out of somebody's wildcard: by one that is more exact, by one without an address, and by one
// below it.
func TestTenantsCutIntoAWildcard(t *testing.T) {
	f := newFixture(t, "resources Ingress", tenant("a", ingressAt("all", "*.example.com", "192.0.2.1")),
		tenant("b", ingressAt("taken", "taken.example.com", "198.51.100.66")+ingressAt("pending", "pending.example.com")+ingressAt("below", "x.below.example.com", "198.51.100.66")))
	f.check(
		expect("other.example.com. A", "other.example.com. 60 IN A 192.0.2.1"),
		expect("taken.example.com. A", "taken.example.com. 60 IN A 198.51.100.66"),
		expect("pending.example.com. A", "NXDOMAIN", "soa"),
		expect("below.example.com. A", "soa"),
	)
}

// A wildcard takes every name that nobody has, and a route's may stand above the zone. Names that somebody has stay.
func TestTenantsWildcardTakesTheRest(t *testing.T) {
	f := newFixture(t, "resources Ingress HTTPRoute", tenant("a", ingressAt("shop", "shop.example.com", "192.0.2.1")), tenant("b", gatewayAt("mine", "*.com", "198.51.100.66")))
	f.check(
		expect("shop.example.com. A", "shop.example.com. 60 IN A 192.0.2.1"),
		expect("typo.example.com. A", "typo.example.com. 60 IN A 198.51.100.66"),
		expect("a.b.c.example.com. A", "a.b.c.example.com. 60 IN A 198.51.100.66"),
		expect("example.com. A", "example.com. 60 IN A 198.51.100.66"),
		expect("example.com. NS", "example.com. 60 IN NS dns1.kube-system.example.com."),
	)
}

// Addresses are not judged: a name can point at a loopback, a private or a link-local address.
func TestTenantsPointAnywhere(t *testing.T) {
	f := newFixture(t, "resources Service", tenant("b", `
apiVersion: v1
kind: Service
metadata: {name: any, namespace: b, annotations: {coredns.io/hostname: any.example.com}}
spec: {type: LoadBalancer, externalIPs: [127.0.0.1, 169.254.169.254, 10.0.0.1]}
`))
	f.check(expect("any.example.com. A", "any.example.com. 60 IN A 10.0.0.1", "any.example.com. 60 IN A 127.0.0.1", "any.example.com. 60 IN A 169.254.169.254"))
}
