package steer_test

import (
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// T6: each name of an answer has a draw of its own. Otherwise some targets of the name that a drawn alias leads to would never be drawn.
func TestWeightedAlias(t *testing.T) {
	f := fixture.New(t, "resources Ingress\nsteer weighted",
		fixture.IngressAt("a1", "a.example.com", "b.example.com"), fixture.IngressAt("a2", "a.example.com", "c.example.com"),
		fixture.IngressAt("b1", "b.example.com", "192.0.2.1"), fixture.IngressAt("b2", "b.example.com", "192.0.2.2"),
		fixture.IngressAt("c1", "c.example.com", "192.0.2.3"), fixture.IngressAt("c2", "c.example.com", "192.0.2.4"))
	drawn := map[string]int{}
	for range 4000 {
		m, _ := f.Query(fixture.Expect("a.example.com. A").Msg())
		drawn[m.Answer[len(m.Answer)-1].(*dns.A).A.String()]++
	}
	for _, addr := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"} {
		if n := drawn[addr]; n < 800 || n > 1200 {
			t.Errorf("%s is drawn %d times of 4,000, want about 1,000", addr, n)
		}
	}
}
