package gateway

import (
	"fmt"
	"strings"
	"testing"

	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// D5: a text goes over the wire octet for octet, in strings of at most 255.
func TestTextOctets(t *testing.T) {
	long := strings.Repeat("0123456789", 60)
	for _, tc := range []struct{ written, want string }{
		{"plain", "plain"},
		{`"quoted text"`, "quoted text"},
		{`""`, ""},
		{`"say \"hello\" \065"`, `say "hello" A`},
		{"", ""},
		{`back\slash \" \032 \\`, `back\slash \" \032 \\`},
		{`in"side`, `in"side`},
		{"v=DKIM1; k=rsa; p=MIIB", "v=DKIM1; k=rsa; p=MIIB"},
		{"ümläut\x00\x7f\xff", "ümläut\x00\x7f\xff"},
		{long[:255], long[:255]},
		{long[:256], long[:256]},
		{long[:510], long[:510]},
		{`"` + long + `"`, long},
		{strings.Repeat(`\`, 600), strings.Repeat(`\`, 600)},
	} {
		rr, err := record.ParseRR("TXT", tc.written)
		if err != nil {
			t.Errorf("%.30q: %v", tc.written, err)
			continue
		}
		wire := make([]byte, dns.MaxMsgSize)
		end, err := dns.PackRR(rr, wire, 0, nil, false)
		if err != nil {
			t.Errorf("%.30q: %v", tc.written, err)
			continue
		}
		var got []byte
		strings := 0
		for rest := wire[11:end]; len(rest) > 0; strings++ { // after the root, type, class, TTL and length
			n := int(rest[0])
			if n == 0 && tc.want != "" {
				t.Errorf("%.30q: has an empty string", tc.written)
			}
			got, rest = append(got, rest[1:n+1]...), rest[n+1:]
		}
		if string(got) != tc.want {
			t.Errorf("%.30q: got %.30q", tc.written, got)
		}
		if want := max(1, (len(tc.want)+254)/255); strings != want {
			t.Errorf("%.30q: %d strings, want %d", tc.written, strings, want)
		}
	}
}

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
