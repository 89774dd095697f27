package gateway

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/coredns/coredns/plugin/pkg/dnstest"
	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// toNext is what the next plugin of a fixture returns, and no one else does.
const toNext = dns.RcodeNotAuth

// ownSOA is the SOA in negative answers of example.com, as zone file text.
const ownSOA = "example.com. 5 IN SOA dns1.kube-system.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"

// netSOA is the SOA in negative answers of the fake upstream.
const netSOA = "example.net. 30 IN SOA ns.example.net. hostmaster.example.net. 1 14400 3600 1209600 30"

// expect is a case as text. The question is "web.example.com. A". The lines are records of the answer;
// "ns: " and "add: " put one into another section, "soa" is short for our SOA in authority. NXDOMAIN,
// SERVFAIL and NEXT are outcomes, "referral" and SERVFAIL take AA away.
func expect(question string, lines ...string) test.Case {
	name, qtype, _ := strings.Cut(question, " ")
	tc := test.Case{Qname: name, Qtype: dns.StringToType[qtype], Authoritative: true}
	for _, line := range lines {
		section := &tc.Answer
		switch line {
		case "NXDOMAIN":
			tc.Rcode = dns.RcodeNameError
			continue
		case "SERVFAIL":
			tc.Rcode, tc.Authoritative = dns.RcodeServerFailure, false
			continue
		case "NEXT":
			tc.Rcode = toNext
			continue
		case "referral":
			tc.Authoritative = false
			continue
		case "soa":
			line = "ns: " + ownSOA
		}
		if rest, ok := strings.CutPrefix(line, "ns: "); ok {
			section, line = &tc.Ns, rest
		} else if rest, ok := strings.CutPrefix(line, "add: "); ok {
			section, line = &tc.Extra, rest
		}
		*section = append(*section, mustRR(line))
	}
	return tc
}

func mustRR(line string) dns.RR {
	rr, err := dns.NewRR(line)
	if err != nil || rr == nil {
		panic(fmt.Sprintf("%q: %v", line, err))
	}
	return rr
}

// check runs cases. Everything in a reply counts but the order of records and the serials of SOAs. A
// reply must also pack, and hold no record twice.
func (f *fixture) check(cases ...test.Case) {
	f.t.Helper()
	for _, tc := range cases {
		question := tc.Qname + " " + dns.Type(tc.Qtype).String()
		m, rcode := f.query(tc.Msg())
		if m == nil {
			if rcode != tc.Rcode || len(tc.Answer)+len(tc.Ns) > 0 {
				f.t.Errorf("%s: no reply and %s, want %s with %v %v", question,
					dns.RcodeToString[rcode], dns.RcodeToString[tc.Rcode], tc.Answer, tc.Ns)
			}
			continue
		}
		if m.Rcode != tc.Rcode || m.Authoritative != tc.Authoritative {
			f.t.Errorf("%s: %s with AA %t, want %s with AA %t", question,
				dns.RcodeToString[m.Rcode], m.Authoritative, dns.RcodeToString[tc.Rcode], tc.Authoritative)
		}
		for _, s := range []struct {
			name      string
			got, want []dns.RR
		}{{"answer", m.Answer, tc.Answer}, {"authority", m.Ns, tc.Ns}, {"additional", m.Extra, tc.Extra}} {
			if got, want := zoneText(s.got), zoneText(s.want); !slices.Equal(got, want) {
				f.t.Errorf("%s: %s section is\n\t%.2000s\nwant\n\t%.2000s", question, s.name,
					strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
			}
		}
		for _, problem := range faults(m) {
			f.t.Errorf("%s: %s", question, problem)
		}
	}
}

// query asks a question. The reply is nil where none was written.
func (f *fixture) query(req *dns.Msg) (*dns.Msg, int) { return f.queryWith(context.Background(), req) }

// queryWith turns a panic into an error of the test, as CoreDNS turns it into SERVFAIL.
func (f *fixture) queryWith(ctx context.Context, req *dns.Msg) (*dns.Msg, int) {
	f.t.Helper()
	defer func() {
		if p := recover(); p != nil {
			f.t.Errorf("%s: panic: %v", req.Question[0].String(), p)
		}
	}()
	rec := dnstest.NewRecorder(&test.ResponseWriter{})
	rcode, err := f.ServeDNS(ctx, rec, req)
	if err != nil {
		f.t.Errorf("%s: %v", req.Question[0].String(), err)
	}
	return rec.Msg, rcode
}

// answers returns the answer section for a question such as "web.example.com. A", as zone file text.
func (f *fixture) answers(question string) []string {
	f.t.Helper()
	m, _ := f.query(expect(question).Msg())
	if m == nil {
		return nil
	}
	return zoneText(m.Answer)
}

// behind puts a stub behind the Gateway.
func (f *fixture) behind() *fixture {
	f.Next = test.NextHandler(toNext, nil)
	return f
}

// zoneText returns records as they stand in a zone file, in order, with serial 1 in SOAs.
func zoneText(rrs []dns.RR) []string {
	var lines []string
	for _, rr := range rrs {
		if soa, ok := rr.(*dns.SOA); ok {
			soa = dns.Copy(soa).(*dns.SOA)
			soa.Serial = 1
			rr = soa
		}
		lines = append(lines, rr.String())
	}
	slices.Sort(lines)
	return lines
}

// faults returns what no reply may have, whatever the question.
func faults(m *dns.Msg) (list []string) {
	wire, err := m.Pack()
	if err != nil {
		list = append(list, "does not pack: "+err.Error())
	} else if len(wire) > dns.MaxMsgSize {
		list = append(list, fmt.Sprintf("is %d octets long", len(wire)))
	}
	for _, section := range [][]dns.RR{m.Answer, m.Ns, m.Extra} {
		lines := zoneText(section)
		if n := len(slices.Compact(lines)); n < len(section) {
			list = append(list, "holds a record twice")
		}
	}
	for _, rr := range m.Answer {
		if c, ok := rr.(*dns.CNAME); ok && strings.EqualFold(c.Target, c.Hdr.Name) {
			list = append(list, "CNAME of itself: "+c.String())
		}
	}
	return slices.Compact(list)
}
