package gateway

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// S5: in reverse zones of the stanza, the addresses of a Service have PTR records for every name it has
// in every forward zone, IPv4 (RFC 1035 section 3.5) and IPv6 (RFC 3596 section 2.5).
func TestServicePTR(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com example.org 2.0.192.in-addr.arpa 8.b.d.0.1.0.0.2.ip6.arpa {\nresources Service\n}",
		serviceAt("web", "web,www.example.com,*.wild.example.com", "192.0.2.1", "198.51.100.1", "2001:db8::1"),
		serviceAt("shop", "shop.example.com", "192.0.2.1"))
	v6, err := dns.ReverseAddr("2001:db8::1")
	if err != nil {
		t.Fatal(err)
	}
	f.check(
		expect("1.2.0.192.in-addr.arpa. PTR",
			"1.2.0.192.in-addr.arpa. 60 IN PTR web.example.com.", "1.2.0.192.in-addr.arpa. 60 IN PTR web.example.org.",
			"1.2.0.192.in-addr.arpa. 60 IN PTR www.example.com.", "1.2.0.192.in-addr.arpa. 60 IN PTR shop.example.com."),
		expect(v6+" PTR", v6+" 60 IN PTR web.example.com.", v6+" 60 IN PTR web.example.org.", v6+" 60 IN PTR www.example.com."),
		expect(strings.ToUpper(v6)+" ANY", strings.ToUpper(v6)+" 60 IN PTR web.example.com.",
			strings.ToUpper(v6)+" 60 IN PTR web.example.org.", strings.ToUpper(v6)+" 60 IN PTR www.example.com."),
	)
	reverseSOA := func(zone string) string {
		return "ns: " + zone + " 5 IN SOA dns1.kube-system." + zone + " hostmaster." + zone + " 1 14400 3600 1209600 5"
	}
	f.check(
		expect("1.2.0.192.in-addr.arpa. A", reverseSOA("2.0.192.in-addr.arpa.")),
		expect("2.2.0.192.in-addr.arpa. PTR", "NXDOMAIN", reverseSOA("2.0.192.in-addr.arpa.")),
		expect("0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR", reverseSOA("8.b.d.0.1.0.0.2.ip6.arpa.")), // a non-terminal
		expect("1.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR", "NXDOMAIN", reverseSOA("8.b.d.0.1.0.0.2.ip6.arpa.")),
		expect("2.0.192.in-addr.arpa. NS", "2.0.192.in-addr.arpa. 60 IN NS dns1.kube-system.2.0.192.in-addr.arpa."),
	)
	f.remove(serviceAt("web", "web", "192.0.2.1"))
	f.check(
		expect("1.2.0.192.in-addr.arpa. PTR", "1.2.0.192.in-addr.arpa. 60 IN PTR shop.example.com."),
		expect(v6+" PTR", "NXDOMAIN", reverseSOA("8.b.d.0.1.0.0.2.ip6.arpa.")),
	)
}

// S5: a name that stands twice in the annotation makes one record.
func TestServicePTROnce(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com 2.0.192.in-addr.arpa {\nresources Service\n}",
		serviceAt("web", "web.example.com, web, WEB.example.com.", "192.0.2.1", "192.0.2.1", "::ffff:192.0.2.1"))
	f.check(
		expect("1.2.0.192.in-addr.arpa. PTR", "1.2.0.192.in-addr.arpa. 60 IN PTR web.example.com."),
		expect("web.example.com. A", "web.example.com. 60 IN A 192.0.2.1"),
		expect("_http._tcp.web.example.com. SRV", "_http._tcp.web.example.com. 60 IN SRV 0 100 80 web.example.com.",
			"add: web.example.com. 60 IN A 192.0.2.1"),
	)
}

// S5: a reverse zone may be given as a network. Other kinds, and Services of other types, have no PTR records.
func TestServicePTRNetwork(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com 192.0.2.0/24 2001:db8::/32 {\nresources Service Ingress DNSEndpoint\n}",
		serviceAt("web", "web.example.com", "192.0.2.1"), ingressAt("web", "ingress.example.com", "192.0.2.2"), endpoints("web", `
  - {dnsName: three.example.com, recordType: A, targets: [192.0.2.3]}
  - {dnsName: 4.2.0.192.in-addr.arpa, recordType: PTR, targets: [four.example.com]}
  - {dnsName: 1.2.0.192.in-addr.arpa, recordType: PTR, targets: [web.example.com, one.example.com]}`), `
apiVersion: v1
kind: Service
metadata: {name: inside, namespace: default, annotations: {coredns.io/hostname: inside.example.com}}
spec: {type: ClusterIP, clusterIP: 192.0.2.5, externalIPs: [192.0.2.5]}
`)
	soa := "ns: 2.0.192.in-addr.arpa. 5 IN SOA dns1.kube-system.2.0.192.in-addr.arpa. hostmaster.2.0.192.in-addr.arpa. 1 14400 3600 1209600 5"
	f.check(
		expect("1.2.0.192.in-addr.arpa. PTR", "1.2.0.192.in-addr.arpa. 60 IN PTR web.example.com.", "1.2.0.192.in-addr.arpa. 60 IN PTR one.example.com."),
		expect("2.2.0.192.in-addr.arpa. PTR", "NXDOMAIN", soa),
		expect("3.2.0.192.in-addr.arpa. PTR", "NXDOMAIN", soa),
		expect("4.2.0.192.in-addr.arpa. PTR", "4.2.0.192.in-addr.arpa. 60 IN PTR four.example.com."),
		expect("5.2.0.192.in-addr.arpa. PTR", "NXDOMAIN", soa),
	)
}

// S5: an alias has no addresses that a PTR record could be for; only reverse names are claimed there.
func TestServicePTRAlias(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com 2.0.192.in-addr.arpa {\nresources Service\n}", serviceAt("web", "web.example.com", "lb.example.net"))
	f.outside("lb.example.net. 30 IN A 192.0.2.9")
	soa := "ns: 2.0.192.in-addr.arpa. 5 IN SOA dns1.kube-system.2.0.192.in-addr.arpa. hostmaster.2.0.192.in-addr.arpa. 1 14400 3600 1209600 5"
	f.check(
		expect("9.2.0.192.in-addr.arpa. PTR", "NXDOMAIN", soa),
		expect("web.2.0.192.in-addr.arpa. A", "NXDOMAIN", soa),
	)
}
