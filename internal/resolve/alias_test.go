package resolve_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
)

// A chain is written in its order, so that a stub resolver that reads from the top finds each name.
func TestChainOrder(t *testing.T) {
	f := fixture.New(t, "resources DNSEndpoint", fixture.Endpoints("web", `
  - {dnsName: z.example.com, recordType: CNAME, targets: [y.example.com]}
  - {dnsName: y.example.com, recordType: CNAME, targets: [x.example.com]}
  - {dnsName: x.example.com, recordType: CNAME, targets: [lb.example.net]}`))
	f.Outside("lb.example.net. 30 IN CNAME a.example.net.", "a.example.net. 30 IN A 192.0.2.1")
	m, _ := f.Query(fixture.Expect("z.example.com. A").Msg())
	next := "z.example.com."
	for _, rr := range m.Answer {
		if rr.Header().Name != next {
			t.Fatalf("%s does not follow, in\n%s", rr, m)
		}
		if c, ok := rr.(*dns.CNAME); ok {
			next = c.Target
		}
	}
	if len(m.Answer) != 5 {
		t.Errorf("got\n%s", m)
	}
}

// C3: a question for the CNAME itself, or for ANY, asks nobody what is behind it.
func TestCNAMEAsksOnlyWhatItMust(t *testing.T) {
	f := fixture.New(t, "resources Ingress", fixture.IngressAt("web", "web.example.com", "lb.example.net"))
	u := f.Outside("lb.example.net. 30 IN A 192.0.2.9")
	f.Check(fixture.Expect("web.example.com. CNAME", fixture.WebCNAME), fixture.Expect("web.example.com. ANY", fixture.WebCNAME))
	if len(u.Asked) > 0 {
		t.Errorf("asked %v", u.Asked)
	}
	f.Check(fixture.Expect("web.example.com. A", fixture.WebCNAME, "lb.example.net. 30 IN A 192.0.2.9"))
	if n := u.Count("lb.example.net. A"); n != 1 || len(u.Asked) != 1 {
		t.Errorf("asked %v", u.Asked)
	}
}

// C3, R6: names that point at each other in great numbers do not make a question expensive: what it
// costs grows with the names there are, not with the ways through them.
func TestManyLoops(t *testing.T) {
	const n = 6
	var hosts []string
	for i := range n {
		hosts = append(hosts, fmt.Sprintf("h%d.example.com", i))
	}
	f := fixture.New(t, "resources Ingress")
	f.Outside()
	for i, host := range hosts {
		others := slices.Delete(slices.Clone(hosts), i, i+1)
		f.Apply(fixture.IngressAt(fmt.Sprintf("h%d", i), host, others[:3]...))
	}
	allocs := testing.AllocsPerRun(1, func() { f.Query(fixture.Expect("h0.example.com. A").Msg()) })
	if allocs > 2000 {
		t.Errorf("%v allocations for one question about %d names of 3 hostnames each", allocs, n)
	}
}

// C3: hostnames outside whose aliases lead back into the zone count once each: as many are followed as of those that do not lead back.
func TestManyHostnamesLeadBack(t *testing.T) {
	const n = 32
	var hosts, records []string
	list := ""
	for i := range n {
		hosts = append(hosts, fmt.Sprintf("h%d.example.net", i))
		records = append(records, fmt.Sprintf("h%d.example.net. 30 IN CNAME in%d.example.com.", i, i))
		list += fmt.Sprintf("\n  - {dnsName: in%d.example.com, recordType: A, targets: [192.0.2.%d]}", i, i+1)
	}
	f := fixture.New(t, "resources Ingress DNSEndpoint", fixture.IngressAt("web", "web.example.com", hosts...), fixture.Endpoints("in", list))
	u := f.Outside(records...)
	if got := f.Answers("web.example.com. A"); len(got) != n {
		t.Errorf("%d addresses, want %d", len(got), n)
	}
	if len(u.Asked) != n {
		t.Errorf("asked for %d names, want %d", len(u.Asked), n)
	}
}

// C3: names that lead back and are then asked for outside again are counted: a question asks for 32 names outside at most.
func TestManyHostnamesLeadBackAndOut(t *testing.T) {
	var hosts, records []string
	for i := range 20 {
		hosts = append(hosts, fmt.Sprintf("h%d.example.net", i))
		records = append(records, fmt.Sprintf("h%d.example.net. 30 IN CNAME in%d.example.com.", i, i))
		for j := range 5 {
			records = append(records, fmt.Sprintf("%s. 30 IN CNAME in%d.example.com.", fmt.Sprintf("in%d.example.com", i+100*j), i+100*(j+1)))
		}
	}
	f := fixture.New(t, "resources Ingress\nfallthrough", fixture.IngressAt("web", "web.example.com", hosts...)).Chain()
	u := f.Outside(records...)
	f.Answers("web.example.com. A")
	if len(u.Asked) > resolve.MaxNames {
		t.Errorf("asked for %d names outside", len(u.Asked))
	}
}
