package gateway

import (
	"strings"
	"testing"
)

// both is a load balancer known by an address and by hostnames, as the status of an Ingress or a Service.
func both(kind, hostname string, hosts ...string) string {
	status := "{ip: 192.0.2.1}"
	for _, host := range hosts {
		status += ", {hostname: " + host + "}"
	}
	lines := []string{"status: {loadBalancer: {ingress: [" + status + "]}}"}
	if kind == "Ingress" {
		return anObject(kind, "default/web", append(lines, "spec: {rules: [{host: "+hostname+"}]}")...)
	}
	return anObject(kind, "default/web", append(lines, "annotations: {coredns.io/hostname: "+hostname+"}", "spec: {type: LoadBalancer, ports: [{name: http, port: 80}]}")...)
}

// C7: by default an address of a load balancer beats its hostnames, and with `hostname` the hostnames beat the address.
func TestLoadBalancerPreference(t *testing.T) {
	for _, kind := range []string{"Ingress", "Service"} {
		for preference, want := range map[string][]string{
			"":                                       {"web.example.com. 60 IN A 192.0.2.1"},
			"loadBalancerAddressPreference ip":       {"web.example.com. 60 IN A 192.0.2.1"},
			"loadBalancerAddressPreference hostname": {webCNAME, "lb.example.net. 30 IN A 192.0.2.9"},
		} {
			f := newFixture(t, "resources "+kind+"\n"+preference, both(kind, "web.example.com", "lb.example.net"))
			f.outside("lb.example.net. 30 IN A 192.0.2.9")
			f.check(expect("web.example.com. A", want...))
		}
		// C2: several hostnames are flattened.
		f := newFixture(t, "resources "+kind+"\nloadBalancerAddressPreference hostname", both(kind, "web.example.com", "a.example.net", "b.example.net"))
		f.outside("a.example.net. 30 IN A 192.0.2.8", "b.example.net. 30 IN A 192.0.2.9")
		f.check(expect("web.example.com. A", "web.example.com. 30 IN A 192.0.2.8", "web.example.com. 30 IN A 192.0.2.9"))
		// C5: a hostname that is the name itself is none, and beats nothing. Another name of the object is not concerned.
		f = newFixture(t, "resources "+kind+"\nloadBalancerAddressPreference hostname",
			strings.Replace(both(kind, "web.example.com", "web.example.com"), "metadata: {", "metadata: {labels: {a: b}, ", 1))
		f.check(expect("web.example.com. A", "web.example.com. 60 IN A 192.0.2.1"))
	}
}

// C7: what is not of a load balancer stays: external IPs, a target annotation, a Gateway, and another object's address for the name (C1).
func TestLoadBalancerPreferenceOfOthers(t *testing.T) {
	f := newFixture(t, "resources Service HTTPRoute\nloadBalancerAddressPreference hostname",
		anObject("Service", "default/ext", "spec: {type: LoadBalancer, externalIPs: [192.0.2.3]}", "status: {loadBalancer: {ingress: [{hostname: lb.example.net}]}}"),
		anObject("Service", "default/own", `annotations: {coredns.io/target: "192.0.2.4,lb.example.net"}`, "spec: {type: LoadBalancer}"),
		serviceAt("a", "both.example.com", "192.0.2.5"), serviceAt("b", "both.example.com", "lb.example.net"),
		gatewayAt("gw", "gw.example.com", "192.0.2.6", "lb.example.net"))
	f.check(
		expect("ext.default.example.com. A", "ext.default.example.com. 60 IN A 192.0.2.3"),
		expect("own.default.example.com. A", "own.default.example.com. 60 IN A 192.0.2.4"),
		expect("both.example.com. A", "both.example.com. 60 IN A 192.0.2.5"),
		expect("gw.example.com. A", "gw.example.com. 60 IN A 192.0.2.6"),
	)
}

// C7, C5, S4, S5: a Service one of whose names is the hostname of its load balancer has its address there, and is an alias elsewhere.
func TestLoadBalancerPreferenceOfSeveralNames(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com 2.0.192.in-addr.arpa {\nresources Service\nloadBalancerAddressPreference hostname\n}",
		both("Service", `"web.example.com,lb.example.com"`, "lb.example.com"))
	f.check(
		expect("lb.example.com. A", "lb.example.com. 60 IN A 192.0.2.1"),
		expect("web.example.com. A", "web.example.com. 60 IN CNAME lb.example.com.", "lb.example.com. 60 IN A 192.0.2.1"),
		expect("_http._tcp.web.example.com. SRV", "_http._tcp.web.example.com. 60 IN SRV 0 100 80 lb.example.com.", "add: lb.example.com. 60 IN A 192.0.2.1"),
		expect("1.2.0.192.in-addr.arpa. PTR", "1.2.0.192.in-addr.arpa. 60 IN PTR lb.example.com."),
	)
}

// C7: the nameserver's Service is asked for its addresses, whatever is preferred (A1).
func TestLoadBalancerPreferenceOfNameserver(t *testing.T) {
	f := newFixture(t, "apex web.default\nresources Ingress\nloadBalancerAddressPreference hostname", both("Service", "web.example.com", "lb.example.net"))
	f.check(expect("web.default.example.com. A", "web.default.example.com. 60 IN A 192.0.2.1"))
}
