package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// A secondary answers as we do: every RRset transferred is what a question for it gets, and every
// answer to a question about a claimed name is transferred.
func TestTransferMatchesAnswers(t *testing.T) {
	f := mixedFixture(t)
	for _, z := range f.Zones.All {
		f.matches(z.FQDN)
	}
}

// matches compares the transfer of a zone with what questions get.
func (f *fixture) matches(origin string) {
	f.t.Helper()
	sets := map[string][]dns.RR{}
	transferred := map[string]bool{}
	for _, rr := range f.zone(origin) {
		h := rr.Header()
		set := fmt.Sprint(h.Name, " ", dns.Type(h.Rrtype))
		sets[set] = append(sets[set], rr)
		transferred[rr.String()] = true
	}
	for set, rrs := range sets {
		name, _, _ := strings.Cut(set, " ")
		h := rrs[0].Header()
		m, _ := f.query(new(dns.Msg).SetQuestion(name, h.Rrtype))
		got := m.Answer
		if !m.Authoritative { // a referral, of which this is NS or glue
			got = slices.DeleteFunc(append(m.Ns, m.Extra...), func(rr dns.RR) bool {
				return rr.Header().Name != name || rr.Header().Rrtype != h.Rrtype
			})
		}
		if got, want := zoneText(got), zoneText(rrs); !slices.Equal(got, want) {
			f.t.Errorf("%s: answered\n\t%s\ntransferred\n\t%s", set, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
		}
	}
	for _, name := range claimedNames(f) {
		if !dns.IsSubDomain(origin, name) || f.Zones.Match(strings.TrimSuffix(name, ".")).FQDN != origin {
			continue
		}
		for _, qtype := range allTypes {
			if qtype == dns.TypeSOA || qtype == dns.TypeANY {
				continue
			}
			m, _ := f.query(new(dns.Msg).SetQuestion(name, qtype))
			rrs := m.Answer
			if !m.Authoritative {
				rrs = m.Ns
			}
			for _, rr := range rrs {
				if rr.Header().Name == name && !transferred[rr.String()] {
					f.t.Errorf("%s %s: not transferred: %s", name, dns.Type(qtype), rr)
				}
			}
		}
	}
}

// Transfers and changes go on side by side, and a transfer that has begun is not disturbed.
func TestTransferWhileChanging(t *testing.T) {
	f := mixedFixture(t)
	ch, err := f.Transfer("example.com.", 0)
	if err != nil {
		t.Fatal(err)
	}
	first := <-ch
	for range 3 {
		for _, m := range mixed {
			f.remove(m)
		}
		for _, m := range mixed {
			f.apply(m)
		}
	}
	for _, m := range mixed {
		f.remove(m)
	}
	n, last := 0, first
	for rrs := range ch {
		n, last = n+len(rrs), rrs
	}
	if n < 30 || last[0].String() != first[0].String() {
		t.Errorf("%d records, from %v to %v", n, first, last)
	}
	if got := f.zone("example.com."); len(got) != 5 {
		t.Errorf("afterwards: %v", got)
	}
}
