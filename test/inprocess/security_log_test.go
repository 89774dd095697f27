package inprocess

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// logLine is all that one value may leave in the log: printable ASCII on one line.
var logLine = regexp.MustCompile(`^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[WARNING\] plugin/k8s_gateway: [A-Za-z]+ b/[a-z]+: skipped [ -~]+$`)

// SECURITY.md, "Logs": whatever stands in an object, in whichever field, it stays on its line and in quotes.
func TestLogIsNotForged(t *testing.T) {
	nasty := "x\n2026/01/01 00:00:00 [FATAL] forged\r\x1b[2J\x00\u2028\u202e\U000e0041\xff" + strings.Repeat("é", 1000)
	quoted := fixture.AsJSON(nasty)
	manifests := map[string]string{
		"Ingress":   fmt.Sprintf("spec: {rules: [{host: %[1]s}]}\nstatus: {loadBalancer: {ingress: [{ip: %[1]s, hostname: %[1]s}]}}", quoted),
		"Service":   fmt.Sprintf("spec: {type: LoadBalancer, externalIPs: [%[1]s], ports: [{name: %[1]s, port: 1}]}\nstatus: {loadBalancer: {ingress: [{ip: 192.0.2.1}, {hostname: %[1]s}]}}", quoted),
		"Gateway":   fmt.Sprintf("spec: {gatewayClassName: x, listeners: [{name: %[1]s, port: 80, protocol: %[1]s, hostname: %[1]s}]}\nstatus: {addresses: [{value: %[1]s}, {type: Hostname, value: %[1]s}]}", quoted),
		"HTTPRoute": fmt.Sprintf("spec: {parentRefs: [{name: %[1]s, sectionName: %[1]s}], hostnames: [%[1]s]}", quoted),
		"DNSEndpoint": fmt.Sprintf("spec: {endpoints: [{dnsName: %[1]s, recordType: A}, {dnsName: a.example.com, recordType: %[1]s}, {dnsName: b.example.com, recordType: A, targets: [%[1]s]}, "+
			"{dnsName: c.example.com, recordType: CNAME, targets: [%[1]s]}, {dnsName: d.example.com, recordType: CAA, targets: [%[1]s]}, {dnsName: e.example.com, recordType: NAPTR, targets: [%[1]s]}]}", quoted),
	}
	for kind, body := range manifests {
		f := fixture.New(t, "resources Ingress Service HTTPRoute Gateway DNSEndpoint")
		out := fixture.Logged(t, func() {
			f.Apply(fixture.AnObject(kind, "b/mine", fmt.Sprintf("annotations: {coredns.io/hostname: %[1]s, coredns.io/target: %[1]s, coredns.io/ttl: %[1]s}", quoted), body))
		})
		lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
		if len(lines) < 3 {
			t.Errorf("%s: %d lines", kind, len(lines))
		}
		for _, line := range lines {
			if !logLine.MatchString(line) || len(line) > 2500 {
				t.Errorf("%s: logged %.300q, %d octets", kind, line, len(line))
			}
		}
	}
}

// A value that stays as it was is not logged again with every change of its object, and the metric that counts such
// values has no label that a value could fill.
func TestLogIsNotFlooded(t *testing.T) {
	f := fixture.New(t, "resources Ingress")
	bad := func(ttl int) string {
		return fixture.AnObject("Ingress", "b/mine", fmt.Sprintf("annotations: {coredns.io/ttl: \"%d\"}", ttl), "spec: {rules: [{host: web.example.com}]}", "status: {loadBalancer: {ingress: [{ip: nonsense}]}}")
	}
	out := fixture.Logged(t, func() {
		for ttl := range 100 {
			f.Apply(bad(ttl + 1))
		}
	})
	if n := strings.Count(out, "\n"); n != 1 {
		t.Errorf("%d lines, want 1", n)
	}
	for labels := range fixture.Counted(t, "skipped_values_total") {
		if strings.Contains(labels, "nonsense") {
			t.Errorf("counted by %q", labels)
		}
	}
}
