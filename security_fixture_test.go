package gateway

import (
	"bytes"
	golog "log"
	"os"
	"strings"
	"sync"
	"testing"

	dto "github.com/prometheus/client_model/go"

	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/miekg/dns"
)

// The tests security_*_test.go, and the scenarios in test/rules, hold what SECURITY.md says: what somebody who writes objects
// can do, which is documented, and what nobody can.

// tenant puts a manifest in the namespace of somebody.
func tenant(namespace, manifest string) string {
	return strings.ReplaceAll(manifest, "namespace: default", "namespace: "+namespace)
}

// logged returns what is logged meanwhile.
func logged(t *testing.T, do func()) string {
	t.Helper()
	var out lockedBuffer
	golog.SetOutput(&out)
	defer golog.SetOutput(os.Stderr)
	do()
	return out.String()
}

// lockedBuffer is a bytes.Buffer that may be read while informers log.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

// onWire asks a question as the server does and returns the reply, and how long it is. A client's size is that of its
// EDNS, 0 for none.
func (f *fixture) onWire(question string, tcp bool, size uint16) (*dns.Msg, int) {
	f.t.Helper()
	req := expect(question).Msg()
	if size > 0 {
		req.SetEdns0(size, false)
	}
	return f.scrubbed(req, tcp)
}

// scrubbed is onWire for a message of the test's own making.
func (f *fixture) scrubbed(req *dns.Msg, tcp bool) (*dns.Msg, int) {
	f.t.Helper()
	rec := &wireRecorder{ResponseWriter: &test.ResponseWriter{TCP: tcp}}
	if _, err := f.ServeDNS(f.t.Context(), request.NewScrubWriter(req, rec), req); err != nil {
		f.t.Fatal(err)
	}
	m := new(dns.Msg)
	if err := m.Unpack(rec.wire); err != nil {
		f.t.Fatal(err)
	}
	return m, len(rec.wire)
}

// wireRecorder keeps what goes over the wire.
type wireRecorder struct {
	dns.ResponseWriter
	wire []byte
	err  error
}

func (r *wireRecorder) WriteMsg(m *dns.Msg) error {
	r.wire, r.err = m.Pack()
	return r.err
}

// skippedCount reads the counter of skipped values.
func skippedCount(t *testing.T, kind, reason string) (n float64) {
	t.Helper()
	families, err := prometheus.DefaultGatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != "coredns_k8s_gateway_skipped_values_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if labels["kind"] == kind && labels["reason"] == reason {
				n += m.GetCounter().GetValue()
			}
		}
	}
	return n
}

// counted reads a metric of ours, by the values of its labels in order of their names. Of a histogram it is how often
// something was measured.
func counted(t *testing.T, name string) map[string]float64 {
	t.Helper()
	families, err := prometheus.DefaultGatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, family := range families {
		if family.GetName() != "coredns_k8s_gateway_"+name {
			continue
		}
		for _, m := range family.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetValue())
			}
			values[strings.Join(labels, " ")] = valueOf(m)
		}
	}
	return values
}

func valueOf(m *dto.Metric) float64 {
	switch {
	case m.Histogram != nil:
		return float64(m.Histogram.GetSampleCount())
	case m.Gauge != nil:
		return m.Gauge.GetValue()
	}
	return m.Counter.GetValue()
}
