package scenario

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"
)

// Reply is what a question gets, or must get. Records are in presentation format and in no order.
type Reply struct {
	Outcome                       string // empty where there are records and nothing else to say
	Authoritative                 bool
	Answer, Authority, Additional []string
	EDE                           string // the text of the extended error, or its code where it has no text; in an expectation, a part of it
	Scope                         int    // of the client subnet in the reply; NoScope where there is none

	// As written in a scenario.
	notAuthoritative bool
	noEDE            bool
}

// NoScope is the Scope of a reply without a client subnet.
const NoScope = -1

// rcodes are the outcomes that are a response code.
var rcodes = map[int]string{dns.RcodeNameError: NXDomain, dns.RcodeServerFailure: ServFail, dns.RcodeRefused: Refused, dns.RcodeFormatError: FormErr}

// ReplyOf says what a message comes to. Next is the response code of the next plugin.
func ReplyOf(m *dns.Msg, next int) Reply {
	r := Reply{Authoritative: m.Authoritative, Scope: NoScope}
	for _, s := range []struct {
		texts *[]string
		rrs   []dns.RR
	}{{&r.Answer, m.Answer}, {&r.Authority, m.Ns}, {&r.Additional, m.Extra}} {
		for _, rr := range s.rrs {
			if opt, ok := rr.(*dns.OPT); ok {
				r.EDE, r.Scope = extendedError(opt), scopeOf(opt)
				continue
			}
			*s.texts = append(*s.texts, textOf(rr))
		}
	}
	switch outcome, ok := rcodes[m.Rcode]; {
	case m.Rcode == next:
		r.Outcome = Next
	case ok:
		r.Outcome = outcome
	case m.Rcode != dns.RcodeSuccess:
		r.Outcome = dns.RcodeToString[m.Rcode]
	case slices.ContainsFunc(m.Ns, isType(dns.TypeSOA)):
		r.Outcome = NoData
	case slices.ContainsFunc(m.Ns, isType(dns.TypeNS)):
		r.Outcome = Referral
	case len(m.Answer) == 0:
		r.Outcome = "an empty reply"
	}
	return r
}

func isType(rrtype uint16) func(dns.RR) bool {
	return func(rr dns.RR) bool { return rr.Header().Rrtype == rrtype }
}

func extendedError(opt *dns.OPT) string {
	for _, option := range opt.Option {
		if ede, ok := option.(*dns.EDNS0_EDE); ok {
			return cmp.Or(ede.ExtraText, fmt.Sprintf("code %d", ede.InfoCode))
		}
	}
	return ""
}

func scopeOf(opt *dns.OPT) int {
	for _, option := range opt.Option {
		if subnet, ok := option.(*dns.EDNS0_SUBNET); ok {
			return int(subnet.SourceScope)
		}
	}
	return NoScope
}

// textOf writes a record on one line. The serial of an SOA becomes 1: it tells the time.
func textOf(rr dns.RR) string {
	if soa, ok := rr.(*dns.SOA); ok {
		copied := *soa
		copied.Serial = 1
		rr = &copied
	}
	return strings.ReplaceAll(rr.String(), "\t", " ")
}

// complete checks an expected reply and fills in what is not written.
func (r *Reply) complete() error {
	if r.Outcome == "" && len(r.Answer) == 0 && r.EDE == "" {
		return errors.New("no reply is written below the question")
	}
	if r.EDE != "" && r.noEDE {
		return errors.New("no EDE beside an EDE")
	}
	if r.Outcome == Referral && len(r.Authority) == 0 {
		return errors.New("a referral without its NS records in authority")
	}
	r.Authoritative = !r.notAuthoritative
	switch r.Outcome {
	case ServFail, Refused, FormErr, Next:
		r.Authoritative = false
	case Referral: // an alias before it is ours
		r.Authoritative = !r.notAuthoritative && len(r.Answer) > 0
	}
	return nil
}

// NamesEDE reports whether an expected reply says which extended error there is, or that there is none. The question then needs EDNS.
func (r *Reply) NamesEDE() bool { return r.EDE != "" || r.noEDE }

// Diff returns how a reply differs from the wanted one: lines with a minus are missing, lines with a plus are too much.
// Nil is no difference. What was remembered of other zones may have aged by some seconds, and its TTL is lower then.
func Diff(want, got Reply, aged uint32) (lines []string) {
	if want.Outcome == NoData || want.Outcome == NXDomain {
		if len(want.Authority) == 0 { // Z11 is checked without being written
			lines = append(lines, soaFaults(got.Authority)...)
			got.Authority = nil
		}
	}
	if want.noEDE && got.EDE != "" {
		lines = append(lines, "+ EDE: "+got.EDE)
	} else if !strings.Contains(got.EDE, want.EDE) {
		lines = append(lines, "- EDE: "+want.EDE, "+ EDE: "+got.EDE)
	}
	if want.Scope != got.Scope {
		lines = append(lines, fmt.Sprintf("- scope: %d", want.Scope), fmt.Sprintf("+ scope: %d", got.Scope))
	}
	if want.Outcome != got.Outcome {
		lines = append(lines, "- "+orRecords(want.Outcome), "+ "+orRecords(got.Outcome))
	} else if want.Authoritative != got.Authoritative {
		lines = append(lines, "- "+flag(want.Authoritative), "+ "+flag(got.Authoritative))
	}
	for _, s := range []struct {
		label     string
		want, got []string
	}{{"", want.Answer, got.Answer}, {"authority: ", want.Authority, got.Authority}, {"additional: ", want.Additional, got.Additional}} {
		lines = append(lines, diffLines(s.label, s.want, s.got, aged)...)
	}
	return lines
}

func orRecords(outcome string) string {
	if outcome == "" {
		return "records"
	}
	return outcome
}

func flag(authoritative bool) string {
	if authoritative {
		return "aa"
	}
	return "no aa"
}

// diffLines compares two sections, in which order does not count and a record may stand only once.
func diffLines(label string, want, got []string, aged uint32) (lines []string) {
	left := slices.Clone(got)
	for _, text := range want {
		if i := slices.IndexFunc(left, func(other string) bool { return sameRecord(text, other, aged) }); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			lines = append(lines, "- "+label+text)
		}
	}
	for _, text := range left {
		lines = append(lines, "+ "+label+text)
	}
	return lines
}

// sameRecord compares records in presentation format: an owner name, a TTL and the rest.
func sameRecord(want, got string, aged uint32) bool {
	if want == got {
		return true
	}
	w, g := strings.SplitN(want, " ", 3), strings.SplitN(got, " ", 3)
	if aged == 0 || len(w) < 3 || len(g) < 3 || w[0] != g[0] || w[2] != g[2] {
		return false
	}
	wanted, err1 := strconv.ParseUint(w[1], 10, 32)
	ttl, err2 := strconv.ParseUint(g[1], 10, 32)
	return err1 == nil && err2 == nil && ttl <= wanted && wanted-ttl <= uint64(aged)
}

// soaFaults says what is wrong with the authority section of a negative reply (Z11).
func soaFaults(authority []string) []string {
	if len(authority) == 1 {
		if rr, err := dns.NewRR(authority[0]); err == nil {
			if soa, ok := rr.(*dns.SOA); ok && soa.Hdr.Ttl <= soa.Minttl {
				return nil
			}
		}
	}
	return []string{fmt.Sprintf("+ authority: %q, want one SOA whose TTL is at most its MINIMUM", authority)}
}
