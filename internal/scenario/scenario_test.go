package scenario

import (
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

const sample = `Z10, Z11: a name is there for every type.

More words.

-- Corefile --
example.com {
    k8s_gateway
}
-- objects.yaml boston --
kind: Ingress
-- ask --
web.example.com. A
    web.example.com. 60 IN A 192.0.2.1

WEB.example.com. AAAA
    NODATA
`

func TestScenario(t *testing.T) {
	s, err := Parse("Z10.txtar", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	if s.Title != "a name is there for every type." || !slices.Equal(s.Rules, []string{"Z10", "Z11"}) || len(s.Steps) != 3 {
		t.Fatalf("got %+v", s)
	}
	if step := s.Steps[1]; step.Verb != "objects.yaml" || step.Arg != "boston" || step.Line != 10 {
		t.Errorf("got %+v", step)
	}
	ask := s.Steps[2]
	if len(ask.Questions) != 2 || ask.Questions[0].Line != 12 || ask.Questions[1].Line != 15 || ask.Questions[1].String() != "WEB.example.com. AAAA" {
		t.Errorf("got %+v", ask.Questions)
	}
}

// A scenario that is written wrongly names its line.
func TestScenarioErrors(t *testing.T) {
	const head = "Z1: a title.\n"
	for text, want := range map[string]string{
		"a title.\n":                                     "x:1: ",
		head + "-- corefile --\n":                        "x:2: unknown section",
		head + "-- ask boston --\n":                      "x:2: unknown section",
		head + "-- ask --\n\n  NODATA\n":                 "x:4: a reply without a question",
		head + "-- ask --\nweb.example.com A\n":          "x:3: the name",
		head + "-- ask --\na. A\n  b. 60 IN A x\n":       "x:4: ",
		head + "-- ask --\na. A\n  NODATA\n  NEXT\n":     "x:5: NEXT beside NODATA",
		head + "-- ask --\na. A\nb. A\n  NODATA\n":       "x:3: a. A: no reply",
		head + "-- ask --\na. BAD\n  NODATA\n":           "x:3: unknown type",
		head + "-- ask --\na. A\n  REFERRAL\n  no aa\n":  "x:3: a. A: a referral without",
		head + "-- ask --\na. A\n  additional: NODATA\n": "x:4: ",
		head + "-- ask --\na. A\n  EDE: x\n  no EDE\n":   "x:3: a. A: no EDE beside",
		head + "-- ask --\na. A\n  no EDE\n":             "x:3: a. A: no reply",
	} {
		if _, err := Parse("x", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s...", text, err, want)
		}
	}
}

func TestDiff(t *testing.T) {
	message := func(rcode int, aa bool, sections ...string) *dns.Msg {
		m := &dns.Msg{MsgHdr: dns.MsgHdr{Rcode: rcode, Authoritative: aa}}
		for _, text := range sections {
			rr, err := dns.NewRR(text)
			if err != nil {
				t.Fatal(err)
			}
			if rr.Header().Rrtype == dns.TypeSOA {
				m.Ns = append(m.Ns, rr)
			} else {
				m.Answer = append(m.Answer, rr)
			}
		}
		return m
	}
	because := func(code uint16, text string) *dns.Msg {
		m := message(dns.RcodeServerFailure, false)
		m.SetEdns0(dns.DefaultMsgSize, false).IsEdns0().Option = []dns.EDNS0{&dns.EDNS0_EDE{InfoCode: code, ExtraText: text}}
		return m
	}
	const (
		one = "a.example. 60 IN A 192.0.2.1"
		two = "a.example. 60 IN A 192.0.2.2"
		soa = "example. 5 IN SOA ns.example. host.example. 42 1 1 1 5"
		old = "example. 60 IN SOA ns.example. host.example. 42 1 1 1 5"
	)
	for _, tc := range []struct {
		want string
		got  *dns.Msg
		diff string
	}{
		{one + "\n" + two, message(dns.RcodeSuccess, true, two, one), ""},
		{one, message(dns.RcodeSuccess, true, two), "- " + one + ", + " + two},
		{one, message(dns.RcodeSuccess, true, one, one), "+ " + one},
		{one, message(dns.RcodeSuccess, false, one), "- aa, + no aa"},
		{one + "\nno aa", message(dns.RcodeSuccess, false, one), ""},
		{"NODATA", message(dns.RcodeSuccess, true, soa), ""},
		{"NODATA", message(dns.RcodeNameError, true, soa), "- NODATA, + NXDOMAIN"},
		{"NODATA\nauthority: " + strings.Replace(soa, "42", "7", 1), message(dns.RcodeSuccess, true, soa), ""},
		{"NXDOMAIN", message(dns.RcodeNameError, true), "+ authority: [], want one SOA whose TTL is at most its MINIMUM"},
		{"NXDOMAIN", message(dns.RcodeNameError, true, old), "want one SOA"},
		{"NEXT", message(dns.RcodeNotAuth, false), ""},
		{"SERVFAIL", message(dns.RcodeServerFailure, false), ""},
		{"SERVFAIL\nEDE: late", because(22, "too late"), ""},
		{"SERVFAIL\nEDE: early", because(22, "too late"), "- EDE: early, + EDE: too late"},
		{"SERVFAIL\nno EDE", message(dns.RcodeServerFailure, false), ""},
		{"SERVFAIL\nno EDE", because(22, "too late"), "+ EDE: too late"},
		{"SERVFAIL\nno EDE", because(22, ""), "+ EDE: code 22"},
		{"NODATA", message(dns.RcodeSuccess, true), "- NODATA, + an empty reply"},
	} {
		list, err := parseQuestions("x", 1, "a.example. A\n  "+strings.ReplaceAll(tc.want, "\n", "\n  ")+"\n")
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(Diff(list[0].Want, ReplyOf(tc.got, dns.RcodeNotAuth), 0), ", ")
		if tc.diff == "" && got != "" || !strings.Contains(got, tc.diff) {
			t.Errorf("%q against %v: got %q, want %q", tc.want, tc.got, got, tc.diff)
		}
	}
}

// What was remembered of other zones has a lower TTL after some seconds, but not a lower one than that, nor a higher.
func TestDiffOfAgedRecords(t *testing.T) {
	record := func(ttl string) Reply { return Reply{Answer: []string{"a.example. " + ttl + " IN A 192.0.2.1"}} }
	for ttl, same := range map[string]bool{"60": true, "58": true, "57": false, "61": false} {
		if diff := Diff(record("60"), record(ttl), 2); (len(diff) == 0) != same {
			t.Errorf("TTL %s after 2 seconds: %v", ttl, diff)
		}
	}
}
