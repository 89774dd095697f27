package gateway

import (
	"fmt"
	"strings"
	"testing"
)

// SECURITY.md, "Who can claim which name": names are folded before they are compared, so that a rule that forbids some
// can be got around, and one that allows those below a name cannot.
func TestSpellingsOfAName(t *testing.T) {
	for _, spelling := range []string{"BANK.Example.com", "bank.example.com.", "ｂａｎｋ.example.com", "bank。example.com", "bank.ｅxample.com", "bank\u00ad.example.com"} {
		f := newFixture(t, "resources DNSEndpoint", tenant("b", anEndpoint(spelling, "A", "198.51.100.66")))
		if got := f.answers("bank.example.com. A"); len(got) != 1 {
			t.Errorf("%q: %q", spelling, got)
		}
	}
	const own = ".team-b.example.com"
	for _, spelling := range []string{"bank.example.com。", "bank.example.com.x", "bank.example.com\u3002x", "bank.example.com/", "bank.example.com ", "bank.example.com\x00", "bank.example.com\n", `bank.example.com\.`, "..", "*", "bank.example.com,x"} {
		f := newFixture(t, "resources DNSEndpoint", tenant("b", endpoints("mine", fmt.Sprintf("\n  - {dnsName: %s, recordType: A, targets: [198.51.100.66]}", asJSON(spelling+own)))))
		for _, name := range claimedNames(f) {
			if name = strings.TrimSuffix(name, "."); name != "example.com" && name != f.Zones.All[0].NS[0] && !strings.HasSuffix(name, own) {
				t.Errorf("%q claims %q", spelling+own, name)
			}
		}
	}
}

// A name that looks like another one is another one: U-labels are told apart by their A-labels.
func TestLookalikes(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", tenant("a", anEndpoint("bank.example.com", "A", "192.0.2.1")), tenant("b", anEndpoint("b\u0430nk.example.com", "A", "198.51.100.66")))
	f.check(
		expect("bank.example.com. A", "bank.example.com. 60 IN A 192.0.2.1"),
		expect("xn--bnk-6cd.example.com. A", "xn--bnk-6cd.example.com. 60 IN A 198.51.100.66"),
	)
}
