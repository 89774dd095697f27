//go:build interop

package test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// nameserverAddresses are the addresses of the two nameservers of a judged zone. test/interop/namespace.sh assigns them
// in the network namespace that the tests run in.
var nameserverAddresses = [2][2]string{{"192.0.2.53", "2001:db8::53"}, {"198.51.100.53", "2001:db8:1::53"}}

// judgedCorefile serves a signed zone on port 53 of both nameservers.
const judgedCorefile = `
$ZONE:53 {
    bind $NS1 $NS2
    errors
    dnssec {
        key file $KEY
    }
    k8s_gateway {
        resources Ingress Service HTTPRoute TLSRoute GRPCRoute DNSEndpoint Node
        kubeconfig $KUBECONFIG
        apex ns1 $NS1
        secondary ns2 $NS2
    }
}
`

// serveJudged serves a signed zone that has a name of every kind and type.
func serveJudged(t *testing.T) (*corner, key) {
	t.Helper()
	var lists [2]string
	for i, addresses := range nameserverAddresses {
		lists[i] = strings.Join(addresses[:], " ")
		for _, address := range addresses {
			conn, err := net.ListenPacket("udp", net.JoinHostPort(address, "53"))
			if err != nil {
				t.Fatalf("%v: this test runs in the network namespace that make interop creates", err)
			}
			_ = conn.Close()
		}
	}
	c := newCorner(t)
	c.apply(everythingManifest)
	k := newKey(t, c.zone)
	s := c.serve(strings.NewReplacer("$NS1", lists[0], "$NS2", lists[1], "$KEY", k.file).Replace(judgedCorefile))
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")
	return c, k
}

// zonemasterAllowed are the messages of Zonemaster that have a reason other than a fault of the server.
var zonemasterAllowed = map[string]string{
	"NAMESERVER_IP_PRIVATE_NETWORK":       "the nameservers' addresses are reserved for documentation",
	"NO_RESPONSE_PTR_QUERY":               "nobody serves the reverse zones of these addresses",
	"SOA_DEFAULT_TTL_MAXIMUM_VALUE_LOWER": "the negative TTL is 5 seconds on purpose",
}

// Zonemaster's tests of a signed zone that is not delegated yet report nothing of level NOTICE or above.
func TestInteropZonemaster(t *testing.T) {
	c, k := serveJudged(t)
	ds := k.dnskey.ToDS(dns.SHA256)
	args := []string{"--level", "NOTICE", "--json", "--no-progress",
		"--ds", fmt.Sprintf("%d,%d,%d,%s", ds.KeyTag, ds.Algorithm, ds.DigestType, ds.Digest)}
	for i, addresses := range nameserverAddresses {
		for _, address := range addresses {
			args = append(args, "--ns", fmt.Sprintf("ns%d.%s/%s", i+1, c.zone, address))
		}
	}
	output, err := exec.Command(program(t, "zonemaster-cli"), append(args, c.zone)...).Output()
	var messages []struct {
		Level, Testcase, Tag string
		Args                 map[string]any
	}
	if jsonErr := json.Unmarshal(output, &messages); err != nil || jsonErr != nil || len(messages) == 0 {
		t.Fatalf("zonemaster-cli: %v, %v:\n%s", err, jsonErr, output)
	}
	for _, m := range messages {
		if zonemasterAllowed[m.Tag] == "" {
			t.Errorf("Zonemaster: %s %s %s %v", m.Level, m.Testcase, m.Tag, m.Args)
		}
	}
	if !t.Failed() {
		fmt.Println("interop: Zonemaster finds no fault with the signed zone")
	}
}

// DNSViz follows the chain of trust from the zone's DS to every kind of answer, positive and negative, and finds no
// error and no warning.
func TestInteropDNSViz(t *testing.T) {
	c, k := serveJudged(t)
	var servers []string
	for i, addresses := range nameserverAddresses {
		servers = append(servers, fmt.Sprintf("ns%d.%s=%s", i+1, c.zone, addresses[0]), fmt.Sprintf("ns%d.%s=[%s]", i+1, c.zone, addresses[1]))
	}
	probed := filepath.Join(t.TempDir(), "probe.json")
	ds := strings.SplitN(k.dnskey.ToDS(dns.SHA256).String(), "\tDS\t", 2)[1]
	args := []string{"probe", "-A", "-a", c.zone, "-N", c.zone + ":" + strings.Join(servers, ","), "-D", c.zone + ":" + ds, "-o", probed}
	names := []string{c.zone}
	for _, name := range []string{"ingress", "endpoint", "mx", "alias", "flat", "one.apps", "two.one.routes", "one.wild", "b.ent", "nothing", "pending"} {
		names = append(names, name+"."+c.zone)
	}
	if output, err := exec.Command(program(t, "dnsviz"), append(args, names...)...).CombinedOutput(); err != nil {
		t.Fatalf("dnsviz probe: %v\n%s", err, output)
	}
	grok := func(level string) string {
		output, err := exec.Command(program(t, "dnsviz"), "grok", "-l", level, "-r", probed).CombinedOutput()
		if err != nil {
			t.Fatalf("dnsviz grok: %v\n%s", err, output)
		}
		return string(bytes.TrimSpace(output))
	}
	if found := grok("warning"); found != "" {
		t.Errorf("DNSViz finds faults:\n%s", found)
	}
	if all := grok("info"); !strings.Contains(all, `"SECURE"`) {
		t.Errorf("DNSViz does not find the delegation secure:\n%s", all)
	}
	if !t.Failed() {
		fmt.Printf("interop: DNSViz finds no fault with the answers for %d names\n", len(names))
	}
}
