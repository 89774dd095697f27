package inprocess

import (
	"bytes"
	"context"
	"fmt"

	golog "log"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coredns/coredns/plugin/pkg/dnstest"
	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// SECURITY.md, "What tenants and clients can use up": the names of an object are limited, also where they multiply with its ports.
func TestLimitNamesTimesPorts(t *testing.T) {
	manifest := fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default, annotations: {coredns.io/hostname: %q, coredns.io/target: 192.0.2.1}}
spec: {type: LoadBalancer, ports: [%s]}
`, strings.Join(fixture.Numbered(400, "h%d.example.com"), ","), strings.Join(fixture.Numbered(400, "{name: p%[1]d, port: 1%03[1]d}"), ","))
	f := fixture.New(t, "resources Service")
	if n := fixture.Allocated(func() { f.Apply(manifest) }); n > fixture.Allowance {
		t.Errorf("an object of %d octets makes %d names and allocates %d MB", len(manifest), f.Names.Len(), n>>20)
	}
}

// The same with the addresses in a reverse zone.
func TestLimitNamesTimesAddresses(t *testing.T) {
	manifest := fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default, annotations: {coredns.io/hostname: %q}}
spec: {type: LoadBalancer, externalIPs: [%s]}
`, strings.Join(fixture.Numbered(1500, "h%d.example.com"), ","), strings.Join(fixture.Addresses(1500), ","))
	f := fixture.New(t, "k8s_gateway example.com 10.in-addr.arpa {\nresources Service\n}")
	if n := fixture.Allocated(func() { f.Apply(manifest) }); n > fixture.Allowance {
		t.Errorf("an object of %d octets allocates %d MB", len(manifest), n>>20)
	}
}

// The same with endpoints that have hostnames.
func TestLimitNamesTimesEndpoints(t *testing.T) {
	l := fixture.NewFresh(t, "resources Service", fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default, annotations: {coredns.io/hostname: %q, k8s-gateway.dns/resolve-endpoints: "true"}}
spec: {type: ClusterIP}
`, strings.Join(fixture.Numbered(400, "h%d.example.com"), ",")))
	slice := fmt.Sprintf(`
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web, namespace: default, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints: [%s]
`, strings.Join(fixture.Numbered(400, "{hostname: e%d, addresses: [192.0.2.1]}"), ", "))
	if n := fixture.Allocated(func() { l.Apply(slice) }); n > fixture.Allowance {
		t.Errorf("an object of %d octets makes %d names and allocates %d MB", len(slice), l.Names.Len(), n>>20)
	}
}

// The same with the listeners of a route.
func TestLimitHostsTimesListeners(t *testing.T) {
	var gateways strings.Builder
	for i := range 32 {
		fmt.Fprintf(&gateways, `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw%d, namespace: default}
spec: {gatewayClassName: any, listeners: [%s]}
status: {addresses: [{value: 192.0.2.1}]}
---`, i, strings.Join(fixture.Numbered(64, "{name: l%[1]d, port: 1%02[1]d, protocol: HTTP}"), ", "))
	}
	f := fixture.New(t, "resources HTTPRoute", gateways.String())
	route := fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: default, annotations: {coredns.io/hostname: %q}}
spec: {parentRefs: [%s]}
`, strings.Join(fixture.Numbered(400, "h%d.example.com"), ","), strings.Join(fixture.Numbered(32, "{name: gw%d}"), ", "))
	if n := fixture.Allocated(func() { f.Apply(route) }); n > fixture.Allowance {
		t.Errorf("an object of %d octets makes %d names and allocates %d MB", len(route), f.Names.Len(), n>>20)
	}
}

// asking returns how long a question takes.
func asking(f *fixture.Stanza, question string) time.Duration {
	f.T.Helper()
	req := fixture.Expect(question).Msg()
	fastest := time.Hour
	for range 3 {
		start := time.Now()
		if _, err := f.ServeDNS(f.T.Context(), dnstest.NewRecorder(&test.ResponseWriter{}), req); err != nil {
			f.T.Fatal(err)
		}
		fastest = min(fastest, time.Since(start))
	}
	return fastest
}

const patience = 250 * time.Millisecond // for one question; without limits, a multiple of it

// What a question costs is limited, whatever one object says.
func TestLimitQuestions(t *testing.T) {
	f := fixture.New(t, "resources Ingress Service DNSEndpoint", fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: many, namespace: default, annotations: {coredns.io/hostname: many.example.com, coredns.io/target: %q}}
spec: {type: LoadBalancer}
---`, strings.Join(fixture.Numbered(15000, "h%d.net"), ",")), fixture.Endpoints("many", fmt.Sprintf(`
  - {dnsName: mx.example.com, recordType: MX, targets: [%s]}
  - {dnsName: sub.example.com, recordType: NS, targets: [%s]}`,
		strings.Join(fixture.Numbered(20000, `"10 m%d.example.com"`), ","), strings.Join(fixture.Numbered(20000, "n%d.example.com"), ","))))
	f.Outside()
	for _, question := range []string{"many.example.com. A", "mx.example.com. MX", "x.sub.example.com. A"} {
		if d := asking(f, question); d > patience {
			t.Errorf("%s: %v", question, d)
		}
	}
}

// What is left out because it is too much is said, and shown on the status page.
func TestLimitsAreSaid(t *testing.T) {
	f := fixture.New(t, "status :0\nresources Ingress Service HTTPRoute DNSEndpoint\napex ns1 192.0.2.53", fixture.Edge(fixture.FromAll("http", "")),
		fixture.IngressAt("hosts", "hosts.example.com", fixture.Numbered(40, "h%d.net")...), fixture.IngressAt("addresses", "addresses.example.com", fixture.Addresses(5000)...),
		fixture.AnObject("HTTPRoute", "b/route", fmt.Sprintf("annotations: {coredns.io/hostname: %q}", strings.Join(fixture.Numbered(1500, "r%d.example.com"), ",")), "spec: {parentRefs: ["+fixture.ToGateway+"]}"),
		fixture.Endpoints("records", "\n  - {dnsName: mx.example.com, recordType: MX, targets: ["+strings.Join(fixture.Numbered(5000, `"10 m%d.example.com"`), ",")+"]}"))
	said := map[string]string{}
	for _, r := range statuspage.Rows(f.Overview().State().Claims) {
		if r.Standing == statuspage.Skipped {
			said[r.Object] = r.Reason
		}
	}
	for object, want := range map[string]string{
		"hosts": "and 7 more come after 32 others", "addresses": "and 1160 more come after 3839 others",
		"route": "and 475 more come after 1024 others", "records": "and 3131 more come after 1868 others",
	} {
		if !strings.Contains(said[object], want) {
			t.Errorf("%s: %q, want %q", object, said[object], want)
		}
	}
}

// C4: an upstream server has no say about names in our zones, also where an alias of its own leads back to them.
func TestLimitUpstreamSpeaksForOurNames(t *testing.T) {
	f := fixture.New(t, "resources Ingress", fixture.IngressAt("tenant", "tenant.example.com", "lb.example.net"), fixture.IngressAt("bank", "bank.example.com", "192.0.2.1"))
	f.Outside("lb.example.net. 30 IN CNAME bank.example.com.", "bank.example.com. 3600 IN A 198.51.100.66")
	f.Check(
		fixture.Expect("bank.example.com. A", "bank.example.com. 60 IN A 192.0.2.1"),
		fixture.Expect("tenant.example.com. A", "tenant.example.com. 60 IN CNAME lb.example.net.", "lb.example.net. 30 IN CNAME bank.example.com.",
			"bank.example.com. 60 IN A 192.0.2.1"),
	)
}

// C4: nor about names that it was not asked about.
func TestLimitUpstreamAnswersBeside(t *testing.T) {
	f := fixture.New(t, "resources Ingress", fixture.IngressAt("tenant", "tenant.example.com", "lb.example.net"))
	f.Upstream.Lookup = func(_ context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
		m := new(dns.Msg).SetQuestion(name, qtype)
		m.Response = true
		m.Answer = []dns.RR{fixture.MustRR("lb.example.net. 30 IN A 192.0.2.9"), fixture.MustRR("bank.example.com. 3600 IN A 198.51.100.66")}
		return m, nil
	}
	f.Check(fixture.Expect("tenant.example.com. A", "tenant.example.com. 60 IN CNAME lb.example.net.", "lb.example.net. 30 IN A 192.0.2.9"))
}

// C4: whoever asks for many types of one alias does not push out the addresses that are remembered.
func TestLimitTypesFlushTheCache(t *testing.T) {
	f := fixture.New(t, "resources Ingress", fixture.IngressAt("web", "web.example.com", "lb.example.net"))
	u := f.Outside("lb.example.net. 30 IN A 192.0.2.9")
	f.Check(fixture.Expect("web.example.com. A", "web.example.com. 60 IN CNAME lb.example.net.", "lb.example.net. 30 IN A 192.0.2.9"))
	for qtype := uint16(1000); qtype < 41000; qtype++ {
		f.Query(new(dns.Msg).SetQuestion("web.example.com.", qtype))
	}
	u.Fail(true)
	if o, _ := f.Upstream.FromCache("lb.example.net", dns.TypeA); o.Result != zone.Success {
		t.Errorf("the last good answer is gone; %d lookups of 40,000 types", len(u.Asked))
	}
}

// A line of the log is short, whatever an object says.
func TestLimitLongLine(t *testing.T) {
	var out bytes.Buffer
	golog.SetOutput(&out)
	defer golog.SetOutput(os.Stderr)
	fixture.New(t, "resources HTTPRoute", fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec:
  gatewayClassName: any
  listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {a: %q}}}}}]
`, strings.Repeat("x", 100000)))
	if out.Len() > 2000 {
		t.Errorf("%d octets logged", out.Len())
	}
}

// A1: while the nameserver's Service has no address, nobody else can be the nameserver.
func TestLimitNameserverWithoutAddress(t *testing.T) {
	f := fixture.New(t, "resources Ingress", fixture.Tenant("b", fixture.IngressAt("mine", "dns1.kube-system.example.com", "198.51.100.66")))
	f.Check(
		fixture.Expect("dns1.kube-system.example.com. A", "soa"),
		fixture.Expect("dns1.kube-system.example.com. ANY", "soa"),
		fixture.Expect("example.com. NS", "example.com. 60 IN NS dns1.kube-system.example.com."),
	)
}

// N7: what reading a DNSEndpoint allocates grows with its size, and not with its records times the longest record there can be.
func TestLimitReadingRecords(t *testing.T) {
	f := fixture.New(t, "resources DNSEndpoint\napex ns1 192.0.2.53")
	objects := fixture.ManifestObjects(fixture.Endpoints("texts", "\n  - {dnsName: text.example.com, recordType: TXT, targets: ["+strings.Join(fixture.Numbered(5000, `"text number %d"`), ",")+"]}"))
	if n := fixture.Allocated(func() { f.Feed(cache.Updated, objects[0]) }); n > 50<<20 {
		t.Errorf("%d MB are allocated", n>>20)
	}
}

// portsOf is a slice of Service shop/db with one endpoint. ports is YAML.
func portsOf(key, address, ports string, conditions ...string) string {
	return fixture.Slice(key, "db", "{addresses: ["+address+"], "+strings.Join(conditions, "")+"}") + "ports: [" + ports + "]\n"
}

// N7: names, ports and slices multiply. What comes of them is bounded.
func TestEndpointsPortsAreBounded(t *testing.T) {
	var hosts, ports []string
	for i := range 400 {
		hosts = append(hosts, fmt.Sprintf("h%d.example.com", i))
		ports = append(ports, fmt.Sprintf("{name: p%d, port: %d}", i, i+1))
	}
	spec := "spec: {type: ClusterIP, ports: [" + strings.Join(ports, ", ") + "]}"
	l := fixture.NewFresh(t, "resources Service", fixture.AnObject("Service", "shop/db", fixture.ByEndpoints, "annotations: {coredns.io/hostname: \""+strings.Join(hosts, ",")+"\"}", spec))
	for i := range 3 {
		l.Apply(portsOf(fmt.Sprintf("shop/s%d", i), "192.0.2.1", strings.ReplaceAll(strings.Join(ports, ", "), "port: ", fmt.Sprintf("port: %d", i+1))))
	}
	records := 0
	for _, k := range l.Served {
		for _, s := range k.Parts {
			for _, rec := range s.Records.List() {
				for _, e := range rec.Entries {
					records += len(e.Data.Addrs) + len(e.Data.RRs)
				}
			}
		}
	}
	if records < object.MaxEntries-10 || records > object.MaxEntries+10 {
		t.Errorf("%d records, want about %d", records, object.MaxEntries)
	}
}
