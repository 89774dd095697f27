package soak

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

// askTimeout is how long a reply may take. It is long because everything runs on one machine; that a reply is slow is for
// other tests to say.
const askTimeout = 8 * time.Second

// question is a question of class IN; the name is canonical.
type question struct {
	name  string
	qtype uint16
}

func (q question) String() string {
	text := q.name + " " + dns.TypeToString[q.qtype]
	if c := q.client(); c.Bits > 0 {
		text += " subnet " + netip.PrefixFrom(c.Addr, c.Bits).String()
	}
	return text
}

// client returns who asks the question: always the same one. Those without bits have the address that the asker sends from.
func (q question) client() model.Client {
	h := fnv.New32()
	h.Write([]byte(q.name))
	return clientsOfNames[h.Sum32()%uint32(len(clientsOfNames))]
}

// clientsOfNames are in the networks of the configurations, and in none.
var clientsOfNames = []model.Client{
	{Addr: netip.MustParseAddr("127.0.0.1")},
	{Addr: netip.MustParseAddr("192.0.2.3"), Bits: 32},
	{Addr: netip.MustParseAddr("192.0.2.16"), Bits: 28},
	{Addr: netip.MustParseAddr("192.0.2.0"), Bits: 25},
	{Addr: netip.MustParseAddr("198.51.100.0"), Bits: 29},
	{Addr: netip.MustParseAddr("203.0.113.0"), Bits: 24},
	{Addr: netip.MustParseAddr("2001:db8::8"), Bits: 126},
}

// askedTypes are asked for at every name.
var askedTypes = []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeCNAME, dns.TypeTXT, dns.TypeMX, dns.TypeSRV, dns.TypePTR, dns.TypeNS}

// rareTypes are asked for at some names, every time at others.
var rareTypes = []uint16{dns.TypeSOA, dns.TypeDS, dns.TypeCAA, dns.TypeNAPTR, dns.TypeHINFO}

// asker asks one server, by UDP and now and then by TCP.
type asker struct {
	*server
	udp, tcp *dns.Conn
	*rand.Rand
}

func newAsker(s *server, seed uint64) *asker {
	return &asker{server: s, Rand: rand.New(rand.NewPCG(seed, seed))}
}

func (a *asker) close() {
	for _, conn := range []*dns.Conn{a.udp, a.tcp} {
		if conn != nil {
			conn.Close()
		}
	}
}

// ask asks a question, with letters of either case in the name (N4), and returns what the reply says.
func (a *asker) ask(q question) (string, error) {
	m := new(dns.Msg).SetQuestion(a.scramble(q.name)+".", q.qtype)
	m.SetEdns0(4096, false)
	if c := q.client(); c.Bits > 0 {
		family := uint16(1)
		if c.Addr.Is6() {
			family = 2
		}
		m.IsEdns0().Option = append(m.IsEdns0().Option, &dns.EDNS0_SUBNET{
			Code: dns.EDNS0SUBNET, Family: family, SourceNetmask: uint8(c.Bits), Address: c.Addr.AsSlice(),
		})
	}
	reply, err := a.exchangeUDP(m)
	if err == nil && (reply.Truncated || a.IntN(16) == 0) {
		reply, err = a.exchangeTCP(m)
	}
	if err != nil {
		return "", err
	}
	return said(reply), nil
}

func (a *asker) scramble(name string) string {
	letters := []byte(name)
	for i, c := range letters {
		if 'a' <= c && c <= 'z' && a.IntN(4) == 0 {
			letters[i] = c - 'a' + 'A'
		}
	}
	return string(letters)
}

// exchangeUDP does not ask again: no reply may get lost.
func (a *asker) exchangeUDP(m *dns.Msg) (*dns.Msg, error) {
	if a.udp == nil {
		var err error
		if a.udp, err = dns.Dial("udp", a.server.Addr); err != nil {
			return nil, err
		}
	}
	client := &dns.Client{Timeout: askTimeout}
	reply, _, err := client.ExchangeWithConn(m, a.udp)
	if err != nil {
		a.udp.Close() // a late reply is not for the next question
		a.udp = nil
	}
	return reply, err
}

// exchangeTCP begins again once, because a server may close a connection that is idle, or end gracefully.
func (a *asker) exchangeTCP(m *dns.Msg) (*dns.Msg, error) {
	client := &dns.Client{Net: "tcp", Timeout: askTimeout}
	if a.tcp != nil {
		if reply, _, err := client.ExchangeWithConn(m, a.tcp); err == nil {
			return reply, nil
		}
		a.tcp.Close()
	}
	var err error
	if a.tcp, err = dns.DialTimeout("tcp", a.server.Addr, askTimeout); err != nil {
		a.tcp = nil
		return nil, err
	}
	reply, _, err := client.ExchangeWithConn(m, a.tcp)
	return reply, err
}

// said returns what a reply says, in the form that written has for what the model says.
func said(m *dns.Msg) string {
	owner := m.Question[0].Name
	text := func(owner string, rrs []dns.RR) []string {
		list := slices.DeleteFunc(slices.Clone(rrs), func(rr dns.RR) bool { return rr.Header().Rrtype == dns.TypeOPT })
		for _, rr := range list {
			if ttl := rr.Header().Ttl; ttl > longestTTL && ttl < outsideTTL {
				rr.Header().Ttl = outsideTTL // from a cache
			}
		}
		lines := model.Text(owner, list)
		if len(lines) < len(list) {
			lines = append(lines, "some of it twice")
		}
		return lines
	}
	return written(model.Reply{
		Rcode: m.Rcode, AA: m.Authoritative, Answer: text(owner, m.Answer), Authority: text("", m.Ns), Additional: text("", m.Extra),
	})
}

// written returns a reply as text: what there is to compare.
func written(r model.Reply) string {
	if r.Rcode == dns.RcodeServerFailure {
		return dns.RcodeToString[r.Rcode]
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s aa=%t", dns.RcodeToString[r.Rcode], r.AA)
	for _, section := range []struct {
		name  string
		lines []string
	}{{"answer", r.Answer}, {"authority", r.Authority}, {"additional", r.Additional}} {
		for _, line := range section.lines {
			fmt.Fprintf(&b, " | %s %s", section.name, line)
		}
	}
	return b.String()
}

// withoutAdditional leaves out the section that depends on other names.
func withoutAdditional(reply string) string {
	reply, _, _ = strings.Cut(reply, " | additional ")
	return reply
}
