package gateway

import (
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// explains returns what the status page of some stanzas says of a name: its result, and the reasons.
func explains(block []*fixture, name string) string {
	var sources statuspage.Sources
	for _, f := range block {
		sources = append(sources, overview{f.Gateway})
	}
	e := sources.Explain(name)
	return strings.TrimSpace(e.Result + " " + strings.Join(e.Reasons, " "))
}

// Aliases that lead to no address say where they lead, on the status page and in the reply.
func TestExplainAliasesThatLeadNowhere(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint\nexplain\nstatus :0", ingressAt("pending", "pending.example.com"),
		endpoints("cnames", `
  - {dnsName: a.example.com, recordType: CNAME, targets: [b.example.com]}
  - {dnsName: b.example.com, recordType: CNAME, targets: [a.example.com]}
  - {dnsName: gone.example.com, recordType: CNAME, targets: [nowhere.example.com]}
  - {dnsName: soon.example.com, recordType: CNAME, targets: [pending.example.com]}
  - {dnsName: twice.example.com, recordType: CNAME, targets: [gone.example.com]}
  - {dnsName: away.example.com, recordType: CNAME, targets: [web.example.net]}`))
	for name, want := range map[string]string{
		"a.example.com":     "its CNAME leads back to a.example.com in a loop, and to no address",
		"gone.example.com":  "its CNAME leads to nowhere.example.com, which does not exist",
		"twice.example.com": "its CNAME leads to nowhere.example.com, which does not exist",
		"soon.example.com":  "its CNAME leads to pending.example.com, which does not exist: Ingress default/pending has no address yet",
	} {
		f.explained(name+". A", dns.ExtendedErrorCodeOther, want)
		if got := explains([]*fixture{f}, name); !strings.Contains(got, "DNSEndpoint default/cnames points it at ") || !strings.Contains(got, "I"+want[1:]+".") {
			t.Errorf("%s: the page says %q", name, got)
		}
	}
	if e := (overview{f.Gateway}).Explain("a.example.com"); !e.Unresolved {
		t.Errorf("a loop: %+v", e)
	}
	f.unexplained("away.example.com. A")
	if e := (overview{f.Gateway}).Explain("away.example.com"); e.Unresolved || e.Result != "NOERROR" || strings.Join(e.Reasons, " ") != "DNSEndpoint default/cnames answers." {
		t.Errorf("an alias out of the zones: %+v", e)
	}
}

// N7: an explanation follows no more CNAMEs than a question does.
func TestExplainLongChains(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint\nstatus :0\nexplain")
	for c := 'a'; c < 'z'; c++ {
		f.apply(anEndpoint(string(c)+".example.com", "CNAME", string(c+1)+".example.com"))
	}
	f.explained("a.example.com. A", dns.ExtendedErrorCodeOther, "more than 8 CNAMEs follow one another")
	if n := len(f.aliasEnd(f.Zones.All[0], "a.example.com").hops); n != maxHops+1 {
		t.Errorf("%d hops", n)
	}
}

// C2, C6: a flattened name that nobody has asked for is said to be that, and nothing is blamed. Afterwards its state is what the lookup found.
func TestStatusOfFlattenedName(t *testing.T) {
	f := newFixture(t, "status :0\nexplain", ingressAt("apex", "example.com", "lb.example.net"))
	row := func() string {
		return strings.Join(rowsOf([]*fixture{f}, func(r statuspage.Row) bool { return r.Kind == "Ingress" }), "\n")
	}
	const early = "its addresses are looked up when a question asks for it, and none has yet"
	if got, want := explains([]*fixture{f}, "example.com"), "not looked up Ingress default/apex points it at lb.example.net. I"+early[1:]+"."; got != want {
		t.Errorf("before a question: %q, want %q", got, want)
	}
	if got := row(); got != "example.com. ALIAS lb.example.net. pending "+early {
		t.Errorf("before a question: %s", got)
	}
	u := f.outside("lb.example.net. 0 IN A 192.0.2.9")
	f.check(expect("example.com. A", "example.com. 0 IN A 192.0.2.9"))
	for _, tc := range []struct{ result, says string }{
		{"NOERROR", "Ingress default/apex answers."},
		{"NOERROR", "An upstream server does not answer, so the last answer is in use."},
	} {
		if got := explains([]*fixture{f}, "example.com"); !strings.HasPrefix(got, tc.result) || !strings.Contains(got, tc.says) || tc.says[0] == 'I' && strings.Contains(got, "upstream") {
			t.Errorf("%q, want %s %s", got, tc.result, tc.says)
		}
		if got := row(); got != "example.com. ALIAS lb.example.net. answers" {
			t.Error(got)
		}
		u.fail(true)
		f.query(expect("example.com. A").Msg())
	}

	f = newFixture(t, "status :0\nexplain", ingressAt("apex", "example.com", "lb.example.net"))
	f.outside().fail(true)
	f.explained("example.com. A", dns.ExtendedErrorCodeNoReachableAuthority, "an upstream server does not answer for lb.example.net")
	if got, want := explains([]*fixture{f}, "example.com"), "SERVFAIL Ingress default/apex points it at lb.example.net. An upstream server does not answer for lb.example.net."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := row(); got != "example.com. ALIAS lb.example.net. pending an upstream server does not answer for lb.example.net" {
		t.Error(got)
	}
}

// N3, Z3, Z9: what falls through, and what does not, is said without a contradiction, whichever stanzas are on the page.
func TestExplainFallthroughAmongStanzas(t *testing.T) {
	const more = " {\nresources Ingress\nstatus :0\n"
	block := newBlock(t, "k8s_gateway example.com"+more+"}\nk8s_gateway wild.example.com"+more+"fallthrough\n}\nk8s_gateway example.org"+more+"}\n")
	for name, want := range map[string]string{
		"foo.wild.example.com": "No object here claims it. The kinds that are served are Ingress. The next plugin is asked for it.",
		"wild.example.com":     "NOERROR SOA and NS of the zone are answered here. For every other type, the next plugin is asked.",
		"www.exmaple.com":      "No zone of this server holds the name. The zones are example.com, wild.example.com, example.org.",
	} {
		if got := explains(block, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got, want := explains(block[:1], "foo.wild.example.com"), "Another stanza of the server block serves the zone of the name."; got != want {
		t.Errorf("the page of the parent alone: %q", got)
	}
}
