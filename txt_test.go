package gateway

import (
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// D5: a target that begins with a double quote is one or more quoted character-strings, any other is the text as it stands. A
// character-string has at most 255 octets. The answer goes over the wire to be compared.
func TestText(t *testing.T) {
	long := strings.Repeat("0123456789", 60)
	for _, tc := range []struct {
		target string
		want   []string
	}{
		{"text", []string{"text"}},
		{`"quoted"`, []string{"quoted"}},
		{`"heritage=external-dns,external-dns/owner=me"`, []string{"heritage=external-dns,external-dns/owner=me"}},
		{"two words; and more", []string{"two words; and more"}},
		{" spaces ", []string{" spaces "}},
		{`back\slash`, []string{`back\slash`}},
		{`\`, []string{`\`}},
		{`C:\new\065`, []string{`C:\new\065`}},
		{`a"b`, []string{`a"b`}},
		{`say "hello"`, []string{`say "hello"`}},
		{`x"`, []string{`x"`}},
		{` "quoted"`, []string{` "quoted"`}},
		{`""`, []string{""}},
		{`"v=DMARC1;" "p=reject;"`, []string{"v=DMARC1;", "p=reject;"}},
		{"\"tab\"\t\"line\"\n \"end\"\n", []string{"tab", "line", "end"}},
		{`"near""by"`, []string{"near", "by"}},
		{`"" "a" ""`, []string{"", "a", ""}},
		{`"say \"hello\""`, []string{`say "hello"`}},
		{`"back\\slash \x \065\000\255"`, []string{"back\\slash x A\x00\xff"}},
		{`"\\"`, []string{`\`}},
		{`"ünïcode;"`, []string{"ünïcode;"}},
		{`"` + long[:255] + `" "b"`, []string{long[:255], "b"}},
		{`"a" "` + long[:256] + `"`, []string{"a", long[:255], long[255:256]}},
		{`"` + strings.Repeat(`\"`, 256) + `"`, []string{strings.Repeat(`"`, 255), `"`}},
		{"", []string{""}},
		{"ünïcode", []string{"ünïcode"}},
		{"tab\tand\nline\x00", []string{"tab\tand\nline\x00"}},
		{long[:254], []string{long[:254]}},
		{long[:255], []string{long[:255]}},
		{long[:256], []string{long[:255], long[255:256]}},
		{long[:510], []string{long[:255], long[255:510]}},
		{`"` + long + `"`, []string{long[:255], long[255:510], long[510:]}},
		{strings.Repeat(`\`, 300), []string{strings.Repeat(`\`, 255), strings.Repeat(`\`, 45)}},
		{strings.Repeat(`x"`, 200), []string{strings.Repeat(`x"`, 127) + "x", strings.Repeat(`"x`, 72) + `"`}},
	} {
		f := newFixture(t, "resources DNSEndpoint", `
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: web, namespace: default}
spec: {endpoints: [{dnsName: web.example.com, recordType: TXT, targets: `+list(tc.target)+`}]}
`)
		m, _ := f.exchange(new(dns.Msg).SetQuestion("web.example.com.", dns.TypeTXT))
		wire, err := m.Pack()
		if err != nil {
			t.Errorf("%.20q: %v", tc.target, err)
			continue
		}
		// The message ends with the only record, and that with its RDATA.
		want := ""
		for _, s := range tc.want {
			want += string([]byte{byte(len(s))}) + s
		}
		if got := string(wire[len(wire)-len(want):]); got != want || int(wire[len(wire)-len(want)-1]) != len(want)&0xff {
			t.Errorf("%.20q: got %q, want %q", tc.target, got, want)
		}
	}
}

// D5: several targets are several records.
func TestTexts(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", anEndpoint("web.example.com", "TXT", "one", `"two"`, "three; 3"), anEndpoint("*.web.example.com", "TXT", "wild"))
	f.ask(
		txt("web.example.com.", "one", "two", `"three; 3"`),
		txt("x.web.example.com.", "wild"),
	)
}

// D5, N5: a target in quotes that is malformed costs itself only, and the log names it.
func TestTextMalformed(t *testing.T) {
	for _, tc := range []struct{ target, want string }{
		{`"`, "not closed"},
		{`"open`, "not closed"},
		{`"open\"`, "not closed"},
		{`"open\`, "not closed"},
		{`"a" "b`, "not closed"},
		{`"a" b`, "outside"},
		{`"a"; comment`, "outside"},
		{`"a" ("b")`, "outside"},
		{`"\256"`, "DDD"},
		{`"\999"`, "DDD"},
		{`"\06"`, "DDD"},
		{`"\6x7"`, "DDD"},
		{`"\1`, "DDD"},
	} {
		f := newFixture(t, "resources DNSEndpoint", oneEndpoint(t, "web.example.com", "TXT", tc.target, "good"), oneEndpoint(t, "bad.example.com", "TXT", tc.target))
		f.check(
			expect("web.example.com. TXT", "web.example.com. 60 IN TXT good"),
			expect("bad.example.com. TXT", "NXDOMAIN", "soa"),
		)
		if _, err := record.ParseRR("TXT", tc.target); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want one with %q", tc.target, err, tc.want)
		}
	}
}
