package gateway

import "testing"

const webCNAME = "web.example.com. 60 IN CNAME lb.example.net."

// C2: a name with one hostname is a CNAME, whatever the question's type (RFC 1034 section 3.6.2), and what
// is behind it follows. N4: the owner is the name as the client wrote it.
func TestCNAME(t *testing.T) {
	alike(t, func(t *testing.T, f *fixture) {
		f.outside("lb.example.net. 30 IN A 192.0.2.9", "lb.example.net. 30 IN TXT text")
		f.check(
			expect("web.example.com. A", webCNAME, "lb.example.net. 30 IN A 192.0.2.9"),
			expect("web.example.com. TXT", webCNAME, "lb.example.net. 30 IN TXT text"),
			expect("web.example.com. CNAME", webCNAME),
			expect("web.example.com. ANY", webCNAME),
			expect("wEB.eXAMPLE.cOM. A", "wEB.eXAMPLE.cOM. 60 IN CNAME lb.example.net.", "lb.example.net. 30 IN A 192.0.2.9"),
		)
		for _, qtype := range []string{"AAAA", "MX", "SRV", "NS", "SOA", "PTR", "CAA", "HTTPS", "DS", "RRSIG"} {
			f.check(expect("web.example.com. "+qtype, webCNAME, "ns: "+netSOA))
		}
	})
}

// C3: where the target cannot be resolved, the CNAME alone is still a good answer.
func TestCNAMEUnresolved(t *testing.T) {
	alike(t, func(t *testing.T, f *fixture) {
		f.outside().fail(true)
		f.check(
			expect("web.example.com. A", webCNAME),
			expect("web.example.com. AAAA", webCNAME),
			expect("web.example.com. MX", webCNAME),
			expect("web.example.com. CNAME", webCNAME),
		)
	})
}

// C3: CoreDNS's own lookup is what resolves. Outside a server it fails, and nothing else is asked.
func TestCNAMEWithoutServer(t *testing.T) {
	alike(t, func(t *testing.T, f *fixture) {
		f.check(expect("web.example.com. A", webCNAME))
	})
}

// C3: a question for the CNAME itself, or for ANY, asks nobody what is behind it.
func TestCNAMEAsksOnlyWhatItMust(t *testing.T) {
	alike(t, func(t *testing.T, f *fixture) {
		u := f.outside("lb.example.net. 30 IN A 192.0.2.9")
		f.check(expect("web.example.com. CNAME", webCNAME), expect("web.example.com. ANY", webCNAME))
		if len(u.asked) > 0 {
			t.Errorf("asked %v", u.asked)
		}
		f.check(expect("web.example.com. A", webCNAME, "lb.example.net. 30 IN A 192.0.2.9"))
		if n := u.count("lb.example.net. A"); n != 1 || len(u.asked) != 1 {
			t.Errorf("asked %v", u.asked)
		}
	})
}

// Z6, C2: an alias exists, so names next to it do not, and one below it makes no difference to it.
func TestCNAMEBesideNames(t *testing.T) {
	f := newFixture(t, "resources Ingress",
		ingressAt("web", "web.example.com", "lb.example.net"), ingressAt("below", "below.web.example.com", "192.0.2.1"))
	f.outside("lb.example.net. 30 IN A 192.0.2.9")
	f.check(
		expect("web.example.com. A", webCNAME, "lb.example.net. 30 IN A 192.0.2.9"),
		expect("below.web.example.com. A", "below.web.example.com. 60 IN A 192.0.2.1"),
		expect("other.web.example.com. A", "NXDOMAIN", "soa"),
		expect("we.example.com. A", "NXDOMAIN", "soa"),
	)
}
