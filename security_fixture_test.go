package gateway

import (
	"bytes"
	golog "log"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"

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
