package source_test

import (
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// FuzzObject applies whatever can be read as objects, of every kind. Nothing panics, each reply packs and holds no
// contradiction, and nothing is left behind.
func FuzzObject(f *testing.F) {
	for _, m := range fixture.Mixed {
		f.Add(m)
	}
	f.Add(strings.Join(fixture.Mixed, "\n---"))
	for _, m := range []string{
		fixture.IngressAt("x", "*.inner.example.com", "x.inner.example.com", "inner.example.com"),
		fixture.IngressAt("x", "example.com", "example.com", "a.example.net", "bb.example.net"),
		fixture.IngressAt("x", "*.com", "192.0.2.1") + "\n" + fixture.IngressAt("y", "a.b.example.com", "lb.example.com"),
		fixture.ServiceAt("x", "*.example.com,*,*.com,x..y,1.2.3.4,"+strings.Repeat("l.", 125)+"example.com", "192.0.2.1", "2001:db8::1"),
		fixture.ServiceAt("x", "ns1,a.b,b", "lb.example.net"),
		fixture.GatewayAt("x", "*.com", "192.0.2.1", "lb.example.net"),
		fixture.GatewayAt("x", "*.inner.example.com", "x.inner.example.com"),
		`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: x, namespace: y}
spec: {gatewayClassName: z, listeners: [{name: a, port: 443, protocol: TLS, hostname: "*.example.com"}, {name: b, port: 0, protocol: "", hostname: ""}, {hostname: "*"}]}
status: {addresses: [{value: ""}, {type: NamedAddress, value: x}, {type: Hostname, value: "*.x"}, {value: "::ffff:192.0.2.1"}, {value: "fe80::1%eth0"}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: {name: x, namespace: y}
spec: {parentRefs: [{name: x}, {name: x, port: 443}, {kind: Service, name: x}, {name: ""}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: x, namespace: y}
spec: {parentRefs: [{name: x, sectionName: a}], hostnames: [a.b.example.com, "", "*", "*.*.x", example.com]}`,
		`
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {addresses: [{type: Hostname, address: n1}, {type: Hostname, address: "N2.example.com"}, {type: InternalIP, address: 192.0.2.1}, {type: Hostname, address: "*"}]}`,
		`
apiVersion: v1
kind: Service
metadata: {name: x, namespace: y}
spec: {type: LoadBalancer, externalIPs: [192.0.2.1, "", "::"], ports: [{name: "", port: 1}, {name: "-", port: -1}, {name: "a b", port: 70000, protocol: "x.y"}]}`,
	} {
		f.Add(m)
	}
	f.Fuzz(func(t *testing.T, manifest string) {
		if objs := fixture.ManifestObjects(manifest); len(objs) > 0 {
			fixture.NewFuzz(t).Endure(distinct(objs))
		}
	})
}

// distinct leaves one object of each name and type, as an API server has it.
func distinct(objs []kube.Object) (list []kube.Object) {
	seen := map[string]bool{}
	for _, obj := range objs {
		key := obj.GetObjectKind().GroupVersionKind().Kind + "/" + kube.MetaOf(obj).Key().String()
		if !seen[key] {
			seen[key] = true
			list = append(list, obj)
		}
	}
	return list
}

// FuzzFields puts the same values wherever an object of any kind has a name, an address or a hostname.
func FuzzFields(f *testing.F) {
	f.Add("web.example.com", "lb.example.com", "192.0.2.1", "http")
	f.Add("*.example.com", "x.example.com", "2001:db8::1", "http")
	f.Add("example.com", "example.com", "not an address", "")
	f.Add("x.inner.example.com", "*.inner.example.com", "0.0.0.0", "_")
	f.Add("ns1.example.com", "a.b.example.com", "::ffff:192.0.2.1", "*")
	f.Add("1.2.0.192.in-addr.arpa", "web.example.com", "192.0.2.1", "ünïcode")
	f.Add(strings.Repeat("a.", 120)+"example.com", strings.Repeat("b", 63)+".example.net", "fe80::1%eth0", strings.Repeat("p", 60))
	f.Add("\x00.example.com", "\\.example.com", "010.0.0.1", "a.b")
	f.Add("xn--.example.com", "ⓦ.example.com", "1", "\"")
	f.Fuzz(func(t *testing.T, name, host, addr, port string) {
		fx := fixture.NewFuzz(t)
		fx.Endure(objectsOf(name, host, addr, port))
		fx.Endure(objectsOf(name, "", addr, port))
		fx.Endure(objectsOf(name, host, "", port))
	})
}
