package inprocess

import (
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// Z15: records come in the same order every time, however their objects arrived: addresses by number.
func TestRecordOrder(t *testing.T) {
	manifests := []string{
		fixture.AService("one", "web.example.com", "192.0.2.10", "192.0.2.2", "2001:db8::10"),
		fixture.AService("two", "web.example.com", "10.0.0.1", "2001:db8::2"),
		fixture.AService("three", "web.example.com", "192.0.2.100"),
		fixture.AnEndpoint("web.example.com", "TXT", "c", "b"),
		strings.Replace(fixture.AnEndpoint("web.example.com", "TXT", "d", "a"), "web.example.com-txt", "other", 1),
	}
	want := map[uint16][]string{
		dns.TypeA:    {"10.0.0.1", "192.0.2.2", "192.0.2.10", "192.0.2.100"},
		dns.TypeAAAA: {"2001:db8::2", "2001:db8::10"},
		dns.TypeTXT:  {`"a"`, `"b"`, `"c"`, `"d"`},
	}
	for range 2 {
		f := fixture.New(t, "resources Service DNSEndpoint", manifests...)
		for qtype, want := range want {
			m, _ := f.Query(new(dns.Msg).SetQuestion("web.example.com.", qtype))
			var got []string
			for _, rr := range m.Answer {
				got = append(got, rr.String()[len(rr.Header().String()):])
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", dns.TypeToString[qtype], got, want)
			}
		}
		slices.Reverse(manifests)
	}
}

// Z10, Z11, C2, N4: for every name of a mixed zone, above, below and beside it, and for every type: the replies do
// not contradict each other.
func TestSoundReplies(t *testing.T) {
	f := fixture.MixedFixture(t)
	for _, name := range fixture.Relatives(fixture.ClaimedNames(f)) {
		f.Sound(name)
	}
}

// Plugins in front of this one append to replies and change their records (loadbalance, rewrite, dnssec, minimal). That
// is theirs to do: no other reply, in parallel or later, may show it. Meant for -race.
func TestReplyAppend(t *testing.T) {
	f := fixture.MixedFixture(t)
	f.Apply(fixture.IngressAt("flat", "flat.example.com", "lb.example.net", "web.example.com"))
	f.Apply(fixture.IngressAt("apex", "example.org", "lb.example.net"))
	f.Outside("lb.example.net. 3000 IN A 192.0.2.9")
	questions := []string{
		"web.example.com. A", "web.example.com. AAAA", "web.example.com. TXT", "alias.example.com. A", "chain.example.com. A", "chain.example.com. AAAA",
		"x.data.example.com. A", "x.route.example.com. A", "svc.example.com. A", "_http._tcp.svc.example.com. SRV", "4.2.0.192.in-addr.arpa. PTR",
		"example.com. MX", "example.com. TXT", "example.com. SOA", "example.com. NS", "ns1.example.com. A", "x.sub.example.com. A",
		"nowhere.example.com. A", "pending.example.com. A", "b.c.example.com. A", "a.b.c.example.com. NAPTR", "caa.example.com. CAA",
		"flat.example.com. A", "flat.example.com. AAAA", "example.org. A",
	}
	want := make([][]string, len(questions))
	for i, q := range questions {
		want[i] = sections(f, q)
	}
	t.Run("parallel", func(t *testing.T) {
		for i, q := range questions {
			for range 4 {
				t.Run(q, func(t *testing.T) {
					t.Parallel()
					for range 20 {
						m, _ := f.Query(fixture.Expect(q).Msg())
						spoilReply(m)
						if got := sections(f, q); !slices.Equal(got, want[i]) {
							t.Fatalf("got\n\t%s\nbefore\n\t%s", strings.Join(got, "\n\t"), strings.Join(want[i], "\n\t"))
						}
					}
				})
			}
		}
	})
	for i, q := range questions {
		if got := sections(f, q); !slices.Equal(got, want[i]) {
			t.Errorf("%s: got\n\t%s\nbefore\n\t%s", q, strings.Join(got, "\n\t"), strings.Join(want[i], "\n\t"))
		}
	}
}

// sections returns a reply as text. TTLs that count down are left out.
func sections(f *fixture.Stanza, question string) (list []string) {
	m, _ := f.Query(fixture.Expect(question).Msg())
	for _, rrs := range [][]dns.RR{m.Answer, m.Ns, m.Extra} {
		for _, rr := range rrs {
			if rr = dns.Copy(rr); rr.Header().Ttl > 60 || strings.HasSuffix(rr.Header().Name, "example.net.") {
				rr.Header().Ttl = 3000
			}
			list = append(list, fixture.ZoneText([]dns.RR{rr})...)
		}
		list = append(list, "--")
	}
	return list
}

// spoilReply appends to every section, and changes every record as far as it can be.
func spoilReply(m *dns.Msg) {
	for _, section := range []*[]dns.RR{&m.Answer, &m.Ns, &m.Extra} {
		extended := append(*section, fixture.MustRR("spoilt. 1 IN A 192.0.2.99"))
		slices.Reverse(extended)
		*section = append(extended[:len(extended)-1], extended[0])
		for _, rr := range *section {
			h := rr.Header()
			h.Name, h.Ttl, h.Class = "spoilt.", 7, dns.ClassCHAOS
			switch rr := rr.(type) {
			case *dns.A:
				spoilIP(rr.A)
			case *dns.AAAA:
				spoilIP(rr.AAAA)
			case *dns.TXT:
				rr.Txt[0] = "spoilt"
				rr.Txt = append(rr.Txt, "spoilt")
			case *dns.MX:
				rr.Mx = "spoilt."
			case *dns.SRV:
				rr.Target = "spoilt."
			case *dns.NS:
				rr.Ns = "spoilt."
			case *dns.SOA:
				rr.Serial, rr.Minttl = 9, 9
			case *dns.CNAME:
				rr.Target = "spoilt."
			case *dns.PTR:
				rr.Ptr = "spoilt."
			case *dns.CAA:
				rr.Value = "spoilt"
			case *dns.NAPTR:
				rr.Regexp = "spoilt"
			}
		}
	}
}

func spoilIP(ip net.IP) {
	for i := range ip {
		ip[i] = 99
	}
}

// The same for transfers, which share nothing with replies or with each other.
func TestTransferAppend(t *testing.T) {
	f := fixture.MixedFixture(t)
	want := fixture.ZoneText(f.Zone("example.com."))
	for range 2 {
		ch, err := f.Transfer("example.com.", 0)
		if err != nil {
			t.Fatal(err)
		}
		var m dns.Msg
		for rrs := range ch {
			m.Answer = append(m.Answer, rrs...)
		}
		spoilReply(&m)
	}
	if got := fixture.ZoneText(f.Zone("example.com.")); !slices.Equal(got, want) {
		t.Errorf("got\n\t%s\nbefore\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}
