//go:build interop

package test

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// namedConfig makes BIND a secondary of $ZONE, of a primary on $PRIMARY.
const namedConfig = `
options {
	directory "$DIR";
	listen-on port $PORT { 127.0.0.1; };
	listen-on-v6 { none; };
	query-source address 127.0.0.1;
	pid-file none;
	session-keyfile none;
	recursion no;
	dnssec-validation no;
	notify no;
	allow-transfer { none; };
};
controls { };
zone "$ZONE" {
	type secondary;
	primaries { 127.0.0.1 port $PRIMARY; };
	transfer-source 127.0.0.1;
	file "zone";
};
zone "2.0.192.in-addr.arpa" {
	type secondary;
	primaries { 127.0.0.1 port $PRIMARY; };
	transfer-source 127.0.0.1;
	file "reverse";
};
`

// BIND holds the zone as a secondary: it transfers it, follows a change when it
// is notified, and answers as we do.
func TestInteropBIND(t *testing.T) {
	c := newCorner(t)
	c.apply(everythingManifest)
	port, other := freePort(t), freePort(t)
	s := c.serve(ports(primary, port, other))
	name := c.expand("ingress.$ZONE")
	s.await(name, dns.TypeA, "192.0.2.1")
	held := daemon(t, other, "named", "-g", "-c", config(t, namedConfig, "$PORT", other, "$PRIMARY", port, "$ZONE", c.zone))
	held.await(name, dns.TypeA, "192.0.2.1")

	held.await(reverseZone, dns.TypeNS, "ns1."+reverseZone+". ns2."+reverseZone+".")
	asked := s.compare(held, c.zone) + s.compare(held, reverseZone)

	c.apply(strings.ReplaceAll(ingressManifest, "192.0.2.1", "192.0.2.9"))
	c.delete(serviceManifest)
	s.await(name, dns.TypeA, "192.0.2.9")
	held.await(name, dns.TypeA, "192.0.2.9")
	s.await(c.expand("db.$NAMESPACE.$ZONE"), dns.TypeA, "NXDOMAIN")
	held.await(c.expand("db.$NAMESPACE.$ZONE"), dns.TypeA, "NXDOMAIN")
	asked += s.compare(held, c.zone) + s.compare(held, reverseZone)
	if !t.Failed() {
		fmt.Printf("interop: BIND holds two zones, followed a change after NOTIFY, and answered %d questions as we do\n", asked)
	}
}

// BIND's zone checker, as strict as it gets without asking other servers, finds
// nothing to complain of in the zone.
func TestInteropCheckZone(t *testing.T) {
	c := newCorner(t)
	c.apply(everythingManifest)
	s := c.serve(ports(primary, "0", ""))
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")

	var zone strings.Builder
	rrs := s.mustAXFR(c.zone)
	for _, rr := range rrs[:len(rrs)-1] {
		fmt.Fprintln(&zone, rr)
	}
	cmd := exec.Command(program(t, "named-checkzone"), "-i", "local", "-k", "fail", "-m", "fail", "-M", "fail", "-n", "fail",
		"-r", "fail", "-S", "fail", "-T", "warn", "-W", "warn", c.zone, config(t, zone.String()))
	said, err := cmd.CombinedOutput()
	lines := bytes.Split(bytes.TrimSpace(said), []byte("\n"))
	if err != nil || len(lines) != 2 || string(lines[1]) != "OK" {
		t.Fatalf("named-checkzone: %v\n%s\nof\n%s", err, said, zone.String())
	}
	fmt.Printf("interop: named-checkzone finds no fault with %d records\n", len(rrs)-1)
}
