package gateway

import (
	"fmt"
	"strings"
	"testing"

	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"

	"github.com/miekg/dns"
)

// N5: a text that no reply has room for costs itself only.
func TestTextTooLarge(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint",
		oneEndpoint(t, "web.example.com", "TXT", strings.Repeat("x", 66000), "good"),
		oneEndpoint(t, "huge.example.com", "TXT", strings.Repeat("x", 66000)))
	f.check(
		expect("web.example.com. TXT", "web.example.com. 60 IN TXT good"),
		expect("huge.example.com. TXT", "NXDOMAIN", "soa"),
	)
}

// N5: records that fit into a reply one by one, but not together, still make one that can be sent, cut as
// CoreDNS's server cuts it.
func TestTextTooLargeTogether(t *testing.T) {
	var texts []string
	for i := range 4 {
		texts = append(texts, fmt.Sprint(i)+strings.Repeat("x", 30000))
	}
	f := newFixture(t, "resources DNSEndpoint", oneEndpoint(t, "web.example.com", "TXT", texts...))
	req := expect("web.example.com. TXT").Msg()
	rec := &wireRecorder{ResponseWriter: &test.ResponseWriter{TCP: true}}
	if _, err := f.ServeDNS(t.Context(), request.NewScrubWriter(req, rec), req); err != nil {
		t.Fatal(err)
	}
	switch {
	case rec.err != nil:
		t.Errorf("does not pack: %v", rec.err)
	case len(rec.wire) > dns.MaxMsgSize:
		t.Errorf("%d octets over TCP", len(rec.wire))
	}
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
