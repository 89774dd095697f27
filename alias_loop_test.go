package gateway

import (
	"fmt"
	"slices"
	"testing"
)

// C3: a loop ends, without an error and without a record that stands twice.
func TestLoop(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", endpoints("web", `
  - {dnsName: a.example.com, recordType: CNAME, targets: [b.example.com]}
  - {dnsName: b.example.com, recordType: CNAME, targets: [c.example.com]}
  - {dnsName: c.example.com, recordType: CNAME, targets: [b.example.com]}`))
	u := f.outside()
	f.check(
		expect("a.example.com. A", "a.example.com. 60 IN CNAME b.example.com.",
			"b.example.com. 60 IN CNAME c.example.com.", "c.example.com. 60 IN CNAME b.example.com."),
		expect("b.example.com. MX", "b.example.com. 60 IN CNAME c.example.com.", "c.example.com. 60 IN CNAME b.example.com."),
		expect("b.example.com. CNAME", "b.example.com. 60 IN CNAME c.example.com."),
	)
	if len(u.asked) > 0 {
		t.Errorf("asked %v", u.asked)
	}
}

// C3: a chain is followed over eight aliases. What is beyond is left to the resolver.
func TestLongChain(t *testing.T) {
	list := "\n  - {dnsName: c0.example.com, recordType: A, targets: [192.0.2.1]}"
	for i := 1; i <= 20; i++ {
		list += fmt.Sprintf("\n  - {dnsName: c%d.example.com, recordType: CNAME, targets: [c%d.example.com]}", i, i-1)
	}
	f := newFixture(t, "resources DNSEndpoint", endpoints("web", list))
	f.outside()
	chain := func(from, to int) (lines []string) {
		for i := from; i > to; i-- {
			lines = append(lines, fmt.Sprintf("c%d.example.com. 60 IN CNAME c%d.example.com.", i, i-1))
		}
		return lines
	}
	f.check(
		expect("c8.example.com. A", append(chain(8, 0), "c0.example.com. 60 IN A 192.0.2.1")...),
		expect("c9.example.com. A", chain(9, 0)...),
		expect("c20.example.com. A", chain(20, 11)...),
	)
}

// C5: a hostname that is the name itself is none.
func TestSelf(t *testing.T) {
	for _, kind := range []struct{ name, manifest string }{
		{"Ingress", ingressAt("web", "web.example.com", "WEB.example.com.")},
		{"Service", serviceAt("web", "web.example.com", "web.example.com")},
		{"HTTPRoute", gatewayAt("web", "web.example.com", "web.example.com")},
		{"DNSEndpoint", endpoints("web", `
  - {dnsName: web.example.com, recordType: CNAME, targets: [web.example.com.]}`)},
	} {
		t.Run(kind.name, func(t *testing.T) {
			f := newFixture(t, "resources "+kind.name, kind.manifest)
			f.outside()
			f.check(
				expect("web.example.com. A", "NXDOMAIN", "soa"),
				expect("web.example.com. CNAME", "NXDOMAIN", "soa"),
				expect("web.example.com. TXT", "NXDOMAIN", "soa"),
			)
		})
	}
}

// C5, C2: the name itself does not count among its hostnames: with one other there is one.
func TestSelfAndAnother(t *testing.T) {
	for _, kind := range []struct{ name, manifest string }{
		{"Ingress", ingressAt("web", "web.example.com", "web.example.com", "lb.example.net")},
		{"Ingress", ingressAt("a", "web.example.com", "web.example.com") + ingressAt("b", "web.example.com", "lb.example.net")},
		{"Service", serviceAt("web", "web.example.com", "web.example.com", "lb.example.net")},
		{"HTTPRoute", gatewayAt("web", "web.example.com", "web.example.com", "lb.example.net")},
		{"DNSEndpoint", endpoints("web", `
  - {dnsName: web.example.com, recordType: CNAME, targets: [web.example.com, lb.example.net]}`)},
	} {
		t.Run(kind.name, func(t *testing.T) {
			f := newFixture(t, "resources "+kind.name, kind.manifest)
			f.outside("lb.example.net. 30 IN A 192.0.2.9")
			f.check(
				expect("web.example.com. A", webCNAME, "lb.example.net. 30 IN A 192.0.2.9"),
				expect("web.example.com. CNAME", webCNAME),
			)
		})
	}
}

// C5, Z14: a kind whose only hostname is the name itself has no usable target, so that the next kind answers.
func TestSelfHidesNoOtherKind(t *testing.T) {
	f := newFixture(t, "resources Ingress Service",
		ingressAt("web", "web.example.com", "web.example.com"), serviceAt("web", "web.example.com", "192.0.2.1"))
	f.outside()
	f.check(
		expect("web.example.com. A", "web.example.com. 60 IN A 192.0.2.1"),
		expect("web.example.com. CNAME", "soa"),
	)
}

// C5: the owner of a wildcard's record is the name asked for, which must not become an alias of itself.
func TestWildcardSelf(t *testing.T) {
	for _, kind := range []struct{ name, manifest string }{
		{"Ingress", ingressAt("web", "*.example.com", "lb.example.com")},
		{"Service", serviceAt("web", "*.example.com", "lb.example.com")},
		{"HTTPRoute", gatewayAt("web", "*.example.com", "lb.example.com")},
		{"DNSEndpoint", endpoints("web", `
  - {dnsName: "*.example.com", recordType: CNAME, targets: [lb.example.com]}`)},
	} {
		t.Run(kind.name, func(t *testing.T) {
			f := newFixture(t, "resources "+kind.name, kind.manifest)
			f.outside()
			for _, question := range []string{"lb.example.com. A", "lb.example.com. CNAME", "web.example.com. A"} {
				m, _ := f.query(expect(question).Msg())
				for _, problem := range faults(m) {
					t.Errorf("%s: %s", question, problem)
				}
			}
		})
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
	f := newFixture(t, "resources Ingress")
	f.outside()
	for i, host := range hosts {
		others := slices.Delete(slices.Clone(hosts), i, i+1)
		f.apply(ingressAt(fmt.Sprintf("h%d", i), host, others[:3]...))
	}
	allocs := testing.AllocsPerRun(1, func() { f.query(expect("h0.example.com. A").Msg()) })
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
	f := newFixture(t, "resources Ingress DNSEndpoint", ingressAt("web", "web.example.com", hosts...), endpoints("in", list))
	u := f.outside(records...)
	if got := f.answers("web.example.com. A"); len(got) != n {
		t.Errorf("%d addresses, want %d", len(got), n)
	}
	if len(u.asked) != n {
		t.Errorf("asked for %d names, want %d", len(u.asked), n)
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
	f := newFixture(t, "resources Ingress\nfallthrough", ingressAt("web", "web.example.com", hosts...)).behind()
	u := f.outside(records...)
	f.answers("web.example.com. A")
	if len(u.asked) > maxNames {
		t.Errorf("asked for %d names outside", len(u.asked))
	}
}
