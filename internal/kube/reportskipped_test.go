package kube_test

import (
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// N5: the log names the Service of a nameserver, and the metric has the kind, as the README lists them.
func TestReportSkippedKind(t *testing.T) {
	f := fixture.New(t, "apex dns1.kube-system")
	before := total(t, "skipped_values_total", "nameserver address")
	said := fixture.Logged(t, func() {
		f.Apply(`
apiVersion: v1
kind: Service
metadata: {name: dns1, namespace: kube-system}
spec: {type: LoadBalancer, externalIPs: [nonsense]}
`)
	})
	if n := total(t, "skipped_values_total", "nameserver address") - before; n != 1 {
		t.Errorf("the kind nameserver has %v skipped values more, want 1", n)
	}
	if !strings.Contains(said, `nameserver Service kube-system/dns1 kube-system/dns1: skipped a value: "nonsense"`) {
		t.Errorf("logged %q", said)
	}
}
