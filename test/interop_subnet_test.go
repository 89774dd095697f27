//go:build interop

package test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// subnetServer steers clients of two networks to an address each.
const subnetServer = `
$ZONE:$PORT {
    bind 127.0.0.1
    errors
    k8s_gateway {
        resources Ingress
        kubeconfig $KUBECONFIG
        apex ns1 192.0.2.53
        network east 192.0.2.0/24
        network west 198.51.100.0/24
        steer subnet
    }
}
`

// subnetUnboundConfig makes unbound a resolver that hands client subnets on to the zone's server, and keeps an answer for each.
const subnetUnboundConfig = `
server:
	directory: "$DIR"
	chroot: ""
	username: ""
	pidfile: ""
	use-syslog: no
	logfile: ""
	interface: 127.0.0.1
	port: $PORT
	outgoing-interface: 127.0.0.1
	do-ip6: no
	do-not-query-localhost: no
	module-config: "subnetcache iterator"
	send-client-subnet: 127.0.0.1
	client-subnet-always-forward: yes
remote-control:
	control-enable: no
stub-zone:
	name: "$ZONE"
	stub-addr: 127.0.0.1@$PRIMARY
`

// subnetNamedConfig makes BIND a resolver that knows no client subnets.
const subnetNamedConfig = `
options {
	directory "$DIR";
	listen-on port $PORT { 127.0.0.1; };
	listen-on-v6 { none; };
	query-source address 127.0.0.1;
	pid-file none;
	session-keyfile none;
	recursion yes;
	dnssec-validation no;
};
controls { };
zone "$ZONE" {
	type forward;
	forward only;
	forwarders { 127.0.0.1 port $PRIMARY; };
};
`

// T3, T7: a resolver in front that knows client subnets gives the clients of two networks their own addresses, from its cache too, and those of
// no network the addresses of all (T1). One that knows none gets the addresses of all.
func TestInteropClientSubnet(t *testing.T) {
	c := newCorner(t)
	manifest := anIngress("spec: {rules: [{host: near.$ZONE}]}\nstatus: {loadBalancer: {ingress: [{ip: 192.0.2.1}, {ip: 198.51.100.1}]}}")
	c.apply(manifest)
	port, other, third := freePort(t), freePort(t), freePort(t)
	s := c.serve(ports(subnetServer, port, ""))
	name := c.expand("near.$ZONE")
	const both = "192.0.2.1 198.51.100.1"
	s.await(name, dns.TypeA, both)
	unbound := daemon(t, other, "unbound", "-d", "-c", config(t, subnetUnboundConfig, "$PORT", other, "$PRIMARY", port, "$ZONE", c.zone))
	named := daemon(t, third, "named", "-g", "-c", config(t, subnetNamedConfig, "$PORT", third, "$PRIMARY", port, "$ZONE", c.zone))

	answers := []struct{ subnet, want string }{
		{"192.0.2.0/24", "192.0.2.1"}, {"198.51.100.0/24", "198.51.100.1"}, {"203.0.113.0/24", both}, {"192.0.2.0/24", "192.0.2.1"},
	}
	for _, when := range []string{"first", "from the cache"} {
		for _, a := range answers {
			if got := dig.Short(unbound.askFrom(a.subnet, name)); got != a.want {
				t.Errorf("%s, unbound gives clients in %s %s, want %s", when, a.subnet, got, a.want)
			}
		}
		if got := dig.Short(named.ask("udp", name, dns.TypeA)); got != both {
			t.Errorf("%s, BIND gives its clients %s, want %s", when, got, both)
		}
		if when == "first" { // what is answered from now on was kept
			c.delete(manifest)
			s.await(name, dns.TypeA, "NXDOMAIN")
		}
	}
	if !t.Failed() {
		fmt.Printf("interop: unbound keeps answers for clients of two subnets apart, and BIND has those for everybody\n")
	}
}

// askFrom asks for the addresses of a name with a client subnet.
func (s *server) askFrom(subnet, name string) *dns.Msg {
	s.t.Helper()
	p := netip.MustParsePrefix(subnet)
	m := new(dns.Msg).SetQuestion(dns.Fqdn(name), dns.TypeA)
	m.SetEdns0(1232, false)
	m.IsEdns0().Option = append(m.IsEdns0().Option, &dns.EDNS0_SUBNET{
		Code: dns.EDNS0SUBNET, Family: 1, SourceNetmask: uint8(p.Bits()), Address: p.Addr().AsSlice(),
	})
	reply, err := dns.Exchange(m, s.Addr)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply
}
