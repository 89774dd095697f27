package model

import (
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"sigs.k8s.io/yaml"
)

// Each part of the rules, as the model takes it: manifests, a question, an answer. "soa" is that of example.com.
func TestModel(t *testing.T) {
	for _, tc := range []struct {
		name      string
		manifests string
		config    func(*Config)
		answers   []string // NAME TYPE: ANSWER
	}{
		{"names", anIngress("a", "web.example.com", "ip: 192.0.2.1"), nil, []string{
			"web.example.com A: @ 60 A 192.0.2.1",
			"web.example.com AAAA: soa",
			"nothing.example.com A: NXDOMAIN soa",
			"example.com A: soa",
			"web.example.net A: elsewhere",
		}},
		{"non-terminals", anIngress("a", "a.b.example.com", "ip: 192.0.2.1") + anIngress("b", "c.d.example.com", ""), nil, []string{
			"b.example.com A: soa",
			"c.d.example.com A: NXDOMAIN soa",
			"d.example.com A: NXDOMAIN soa", // Z7: what is pending is not there
		}},
		{"pending", anIngress("a", "*.example.com", "ip: 192.0.2.1") + anIngress("b", "b.example.com", "") + anIngress("c", "a.b.example.com", "ip: 192.0.2.2"), nil, []string{
			"x.example.com A: @ 60 A 192.0.2.1",
			"b.example.com A: soa", // Z12
		}},
		{"priority", anIngress("a", "web.example.com", "ip: 192.0.2.1") + aService("b", "web.example.com", "192.0.2.2") + anEndpoint("c", "web.example.com", "TXT", "text"), nil, []string{
			"web.example.com A: @ 60 A 192.0.2.1",
			"web.example.com TXT: @ 60 TXT \"text\"", // Z14
		}},
		{"apex", anEndpoint("a", "example.com", "NS", "ns.example.net"), nil, []string{
			"example.com NS: @ 60 NS ns1.example.com. + ns1.example.com. 60 A 192.0.2.53",
			"example.com SOA: @ 60 SOA ns1.example.com. hostmaster.example.com. 0 14400 3600 1209600 5",
			"ns1.example.com A: @ 60 A 192.0.2.53",
			"ns1.example.com TXT: soa",
			"web.example.com SOA: NXDOMAIN soa",
			"sub.example.com DS: soa",
		}},
		{"whole names of nameservers", anIngress("a", "ns2.example.com", "ip: 192.0.2.54"), func(c *Config) {
			c.Nameservers = append(c.Nameservers, Nameserver{Name: "ns2.example.com"}, Nameserver{Name: "ns.example.net."}, Nameserver{Name: "sub.example.com", Addresses: []string{"192.0.2.55"}})
		}, []string{
			"sub.example.com NS: @ 60 NS ns.example.net. + @ 60 NS ns1.sub.example.com. + @ 60 NS ns2.example.com. + @ 60 NS sub.example.com. + ns1.sub.example.com. 60 A 192.0.2.53 + ns2.example.com. 60 A 192.0.2.54 + sub.example.com. 60 A 192.0.2.55", // A1
			"sub.example.com A: @ 60 A 192.0.2.55",
			"ns2.example.com A: @ 60 A 192.0.2.54",
			"ns2.example.com AAAA: soa",
			"ns2.example.com.sub.example.com A: NXDOMAIN soa",
		}},
		{"delegation", anEndpoint("a", "sub.example.com", "NS", "ns.sub.example.com") + anEndpoint("b", "ns.sub.example.com", "A", "192.0.2.3"), func(c *Config) { c.Zones = c.Zones[:1] }, []string{
			"x.sub.example.com A: referral sub.example.com. 60 NS ns.sub.example.com. + ns.sub.example.com. 60 A 192.0.2.3",
			"sub.example.com DS: soa",
		}},
		{"wildcards", anIngress("a", "*.one.example.com", "ip: 192.0.2.1") + anEndpoint("b", "*.dns.example.com", "A", "192.0.2.2") + anEndpoint("c", "a.b.dns.example.com", "A", "192.0.2.3") +
			aGateway("", "") + aRoute("r", "*.any.example.com", "{name: gw}", "") + anEndpoint("d", "a.b.any.example.com", "A", "192.0.2.4"), nil, []string{
			"x.one.example.com A: @ 60 A 192.0.2.1",
			"x.y.one.example.com A: NXDOMAIN soa", // W1
			"_x.one.example.com A: NXDOMAIN soa",  // W7
			"_x.y.any.example.com A: NXDOMAIN soa",
			"_x.dns.example.com A: @ 60 A 192.0.2.2",
			"x.y.dns.example.com A: @ 60 A 192.0.2.2",
			"x.b.dns.example.com A: NXDOMAIN soa", // W3
			"x.b.any.example.com A: @ 60 A 192.0.2.9",
			"b.any.example.com A: soa",
			"*.one.example.com A: @ 60 A 192.0.2.1", // W6
		}},
		{"aliases", anIngress("a", "a.example.com", "hostname: b.example.com") + anIngress("b", "b.example.com", "hostname: out.example.net") +
			anIngress("c", "c.example.com", "hostname: a.example.com}, {hostname: d.example.com") + anIngress("d", "d.example.com", "ip: 192.0.2.4") +
			anIngress("e", "e.example.com", "hostname: f.example.com") + anIngress("f", "f.example.com", "hostname: e.example.com") + anIngress("g", "g.example.com", "hostname: g.example.com"), nil, []string{
			"a.example.com A: @ 60 CNAME b.example.com. + b.example.com. 60 CNAME out.example.net. + out.example.net. 30 A 203.0.113.1",
			"a.example.com CNAME: @ 60 CNAME b.example.com.",
			"c.example.com A: @ 30 A 192.0.2.4 + @ 30 A 203.0.113.1",
			"c.example.com TXT: soa",
			"e.example.com A: @ 60 CNAME f.example.com. + f.example.com. 60 CNAME e.example.com.",
			"g.example.com A: NXDOMAIN soa", // C5
		}},
		{"beside", anIngress("a", "a.example.com", "hostname: d.example.com") + anEndpoint("b", "a.example.com", "TXT", "text") + anIngress("d", "d.example.com", "ip: 192.0.2.4") +
			anEndpoint("e", "e.example.com", "CNAME", "d.example.com") + anEndpoint("f", "e.example.com", "TXT", "text"), nil, []string{
			"a.example.com A: @ 60 A 192.0.2.4",
			"a.example.com CNAME: soa",
			"e.example.com A: soa", // D3
		}},
		{"services", aService("a", "rel, b.example.com", "192.0.2.2"), nil, []string{
			"rel.example.com A: @ 60 A 192.0.2.2",
			"rel.sub.example.com A: @ 60 A 192.0.2.2",
			"_http._tcp.b.example.com SRV: @ 60 SRV 0 100 80 b.example.com. + b.example.com. 60 A 192.0.2.2",
			"2.2.0.192.in-addr.arpa PTR: @ 60 PTR b.example.com. + @ 60 PTR rel.example.com. + @ 60 PTR rel.sub.example.com.",
			"a.ns.example.com A: NXDOMAIN soa",
		}},
		{"services known by hostnames", strings.ReplaceAll(aService("a", "a.example.com", ""), "status: {}", "status: {loadBalancer: {ingress: [{hostname: lb.example.net}]}}") +
			strings.ReplaceAll(aService("b", "b.example.com", ""), "status: {}", "status: {loadBalancer: {ingress: [{hostname: x.example.net}, {hostname: y.example.net}]}}"), nil, []string{
			"_http._tcp.a.example.com SRV: @ 60 SRV 0 100 80 lb.example.net.", // S4
			"_http._tcp.b.example.com SRV: @ 60 SRV 0 100 80 b.example.com.",
		}},
		{"endpoints", `
apiVersion: v1
kind: Service
metadata: {name: a, namespace: ns, annotations: {k8s-gateway.dns/resolve-endpoints: "true"}}
spec: {clusterIP: None, ports: [{name: pg, port: 5432, protocol: TCP}, {name: x, port: 1, protocol: TCP}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: a-x, namespace: ns, labels: {kubernetes.io/service-name: a}}
addressType: IPv4
endpoints: [{addresses: [192.0.2.5, 192.0.2.50], hostname: pod-0}, {addresses: [192.0.2.6], conditions: {ready: false}}]
ports: [{name: pg, port: 15432, protocol: TCP}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: a-y, namespace: ns, labels: {kubernetes.io/service-name: a}}
addressType: IPv4
endpoints: [{addresses: [192.0.2.6], conditions: {ready: false}}]
ports: [{name: pg, port: 25432, protocol: TCP}]
`, nil, []string{
			"a.ns.example.com A: @ 60 A 192.0.2.5",
			"_pg._tcp.a.ns.example.com SRV: @ 60 SRV 0 100 15432 a.ns.example.com. + a.ns.example.com. 60 A 192.0.2.5", // S4
			"_x._tcp.a.ns.example.com SRV: NXDOMAIN soa",
			"pod-0.a.ns.example.com A: @ 60 A 192.0.2.5",
		}},
		{"routes", aGateway("hostname: '*.in.example.com'", "") + aRoute("a", "a.in.example.com", "{name: gw}", "") + aRoute("b", "b.example.com", "{name: gw}", "") +
			aRoute("c", "c.in.example.com", "{name: gw, sectionName: other}", "") + aRoute("d", "d.in.example.com", "{name: gw}", `
status: {parents: [{controllerName: example.net/c, parentRef: {name: gw}, conditions: [{type: Accepted, status: "False"}]}]}`) +
			aRoute("e", "e.in.example.com", "{name: set, kind: ListenerSet}", "") + strings.ReplaceAll(aRoute("f", "f.in.example.com", "{name: gw, namespace: ns}", ""), "namespace: ns}\n", "namespace: other}\n"), nil, []string{
			"a.in.example.com A: @ 60 A 192.0.2.9",
			"b.example.com A: NXDOMAIN soa",    // G5
			"c.in.example.com A: NXDOMAIN soa", // G3
			"d.in.example.com A: NXDOMAIN soa", // G2
			"e.in.example.com A: NXDOMAIN soa", // there is no such set
			"f.in.example.com A: NXDOMAIN soa", // of another namespace
		}},
		{"listener sets", aGateway("", "allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {a: b}}}}") + `---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: set, namespace: other}
spec: {parentRef: {name: gw, namespace: ns}, listeners: [{name: x, port: 1, protocol: HTTP, hostname: x.example.com, allowedRoutes: {namespaces: {from: All}}}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: other, labels: {a: b}}
---` + aRoute("r", "", "{name: set, namespace: other, kind: ListenerSet}", ""), nil, []string{
			"x.example.com A: @ 60 A 192.0.2.9",
		}},
		{"records", anEndpoint("a", "a.example.com", "mx", "10 Mail.example.com", "junk") + anEndpoint("b", "b.example.com", "TXT", strings.Repeat("x", 256), `"q"`, `"a" "\"\\\065" ""`, `x "\065`, `"open`, `"\256"`, `"a" b`) + anEndpoint("c", "c.example.com", "LOC", "x") +
			anIngress("d", "*.example.com", "ip: 192.0.2.1"), nil, []string{
			"a.example.com MX: @ 60 MX 10 mail.example.com. + mail.example.com. 60 A 192.0.2.1",
			`b.example.com TXT: @ 60 TXT "a" "\"\\A" "" + @ 60 TXT "q" + @ 60 TXT "x \"\\065" + @ 60 TXT "` + strings.Repeat("x", 255) + `" "x"`,
			"c.example.com A: NXDOMAIN soa",
			"d.example.com A: @ 60 A 192.0.2.1",
		}},
		{"annotations", strings.ReplaceAll(anIngress("a", "a.example.com", "ip: 192.0.2.1"), "namespace: ns", "namespace: ns, annotations: {coredns.io/hostname: 'b.example.com, *.c.example.com', coredns.io/target: 'x y, 192.0.2.8', coredns.io/ttl: 2m}") +
			strings.ReplaceAll(anIngress("b", "z.example.com", "ip: 192.0.2.1"), "namespace: ns", `namespace: ns, labels: {k8s-gateway.dns/ignore: "true"}`), nil, []string{
			"a.example.com A: @ 120 A 192.0.2.8",
			"b.example.com A: @ 120 A 192.0.2.8",
			"x.c.example.com A: @ 120 A 192.0.2.8",
			"z.example.com A: NXDOMAIN soa", // L1
		}},
		{"nodes", `
apiVersion: v1
kind: Node
metadata: {name: worker}
status: {addresses: [{type: Hostname, address: worker}, {type: InternalIP, address: 192.0.2.6}, {type: ExternalIP, address: 192.0.2.7}]}
`, nil, []string{
			"worker.example.com A: @ 60 A 192.0.2.6",
			"worker.sub.example.com A: @ 60 A 192.0.2.6",
		}},
		{"preference", anIngress("a", "a.example.com", "ip: 192.0.2.1, hostname: lb.example.net") + anIngress("b", "b.example.com", "ip: 192.0.2.1, hostname: b.example.com") +
			aService("c", "c.example.com", "192.0.2.2"), func(c *Config) { c.PreferHostnames = true }, []string{
			"a.example.com A: @ 60 CNAME lb.example.net. + lb.example.net. 30 A 203.0.113.1", // C7
			"b.example.com A: @ 60 A 192.0.2.1",                                              // C5
			"c.example.com A: @ 60 A 192.0.2.2",
		}},
		{"fallthrough", anIngress("a", "a.example.com", "hostname: b.example.com"), func(c *Config) { c.Fallthrough = true }, []string{
			"b.example.com A: @ 30 A 203.0.113.1",
			"a.example.com A: @ 60 CNAME b.example.com. + b.example.com. 30 A 203.0.113.1",
		}},
		{"exclude", anIngress("a", "*.example.com", "ip: 192.0.2.1") + anIngress("b", "x.b.example.com", "ip: 192.0.2.2") + anIngress("c", "y.example.com", "ip: 192.0.2.3"),
			func(c *Config) { c.Exclude = []string{"y.example.com", "*.b.example.com"} }, []string{
				"z.example.com A: @ 60 A 192.0.2.1",
				"b.example.com A: @ 60 A 192.0.2.1",
				"y.example.com A: NXDOMAIN soa",
				"x.b.example.com A: NXDOMAIN soa",
			}},
		{"fallthrough of names that no object answers for", anIngress("a", "a.b.example.com", "ip: 192.0.2.1") + anIngress("c", "pending.example.com", "") + anIngress("d", "x.pending.example.com", "ip: 192.0.2.1"),
			func(c *Config) { c.Fallthrough = true }, []string{
				"a.b.example.com A: @ 60 A 192.0.2.1",
				"a.b.example.com AAAA: soa",
				"a.b.example.com TXT: soa",
				"b.example.com A: @ 30 A 203.0.113.1",
				"example.com A: @ 30 A 203.0.113.1",
				"sub.example.com A: @ 30 A 203.0.113.1",
				"pending.example.com A: @ 30 A 203.0.113.1",
				"example.com NS: @ 60 NS ns1.example.com. + ns1.example.com. 60 A 192.0.2.53",
				"ns1.example.com AAAA: soa",
				"sub.example.com DS: soa",
			}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			config := Config{
				Zones:     []string{"example.com", "sub.example.com", "2.0.192.in-addr.arpa"},
				Resources: []string{"Ingress", "Service", "HTTPRoute", "DNSEndpoint", "Node"}, TTL: 60, NegativeTTL: 5,
				Nameservers: []Nameserver{{Name: "ns1", Addresses: []string{"192.0.2.53"}}}, Outside: outside,
			}
			if tc.config != nil {
				tc.config(&config)
			}
			w := New(config, parse(t, tc.manifests))
			for _, answer := range tc.answers {
				question, want, _ := strings.Cut(answer, ": ")
				name, qtype, _ := strings.Cut(question, " ")
				if got := short(w.Ask(name, dns.StringToType[qtype], Client{})); got != want {
					t.Errorf("%s: got %s, want %s", question, got, want)
				}
			}
		})
	}
}

// outside knows one address, for every name but those of example.net that are not out.
func outside(name string, qtype uint16) Outside {
	if qtype != dns.TypeA || name == "web.example.net" {
		return Outside{}
	}
	rr, _ := dns.NewRR(name + ". 30 IN A 203.0.113.1")
	return Outside{Answer: []dns.RR{rr}}
}

func short(r Reply) string {
	const soa = "example.com. 5 SOA ns1.example.com. hostmaster.example.com. 0 14400 3600 1209600 5"
	list := append(r.Answer, r.Additional...)
	switch {
	case r.Rcode == dns.RcodeNameError:
		list = append(list, "NXDOMAIN soa")
	case slices.Equal(r.Authority, []string{soa}):
		list = append(list, "soa")
	case len(r.Authority) > 0 && !r.AA:
		list = append([]string{"referral " + r.Authority[0]}, list...)
	case len(list) == 0:
		list = append(list, "elsewhere")
	}
	return strings.Join(list, " + ")
}

func parse(t *testing.T, manifests string) *Objects {
	t.Helper()
	o := &Objects{}
	for document := range strings.SplitSeq(manifests, "---") {
		object := map[string]any{}
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			t.Fatal(err)
		}
		if len(object) == 0 {
			continue
		}
		if err := o.Add(object); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func anIngress(name, host, target string) string {
	return `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ` + name + `, namespace: ns}
spec: {rules: [{host: "` + host + `"}]}
status: {loadBalancer: {ingress: [{` + target + `}]}}
---`
}

func aService(name, hostname, ip string) string {
	return `
apiVersion: v1
kind: Service
metadata: {name: ` + name + `, namespace: ns, annotations: {coredns.io/hostname: "` + hostname + `"}}
spec: {type: LoadBalancer, externalIPs: [` + ip + `], ports: [{name: http, port: 80, protocol: TCP}]}
status: {}
---`
}

func anEndpoint(name, owner, rrtype string, targets ...string) string {
	return `
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: ` + name + `, namespace: ns}
spec: {endpoints: [{dnsName: "` + owner + `", recordType: ` + rrtype + `, targets: ['` + strings.Join(targets, `', '`) + `']}]}
---`
}

func aGateway(listener, spec string) string {
	return `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: ns}
spec:
  listeners:
  - {name: http, port: 80, protocol: HTTP, ` + listener + `}
  ` + spec + `
status: {addresses: [{value: 192.0.2.9}]}
---`
}

func aRoute(name, host, parent, status string) string {
	hosts := ""
	if host != "" {
		hosts = `hostnames: ["` + host + `"], `
	}
	return `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ` + name + `, namespace: ns}
spec: {` + hosts + `parentRefs: [` + parent + `]}` + status + `
---`
}
