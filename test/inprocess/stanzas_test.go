package inprocess

import (
	"slices"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// N3: the status page sends a name to the stanza that serves its zone.
func TestExplainAcrossStanzas(t *testing.T) {
	for _, stanzas := range []string{"k8s_gateway example.com\nk8s_gateway sub.example.com", "k8s_gateway sub.example.com\nk8s_gateway example.com"} {
		for _, stanza := range fixture.NewBlock(t, stanzas) {
			e := stanza.Overview().Explain("web.sub.example.com")
			if stanza.Zones.ByName["sub.example.com"] == nil {
				if e.Zone != "" || !slices.Contains(e.Reasons, "Another stanza of the server block serves the zone of the name.") {
					t.Errorf("parent: %+v", e)
				}
			} else if e.Zone != "sub.example.com." {
				t.Errorf("child: %+v", e)
			}
		}
	}
}

// N3, A3: the serial of a zone moves with the addresses of the nameservers of a zone below it in another stanza.
func TestSerialAcrossStanzas(t *testing.T) {
	block := fixture.NewBlock(t, "k8s_gateway example.com\nk8s_gateway sub.example.com")
	parent := block[0].Zones.ByName["example.com"]
	before := parent.Serial.Value.Load()
	block[1].Apply(fixture.NameserverService)
	if parent.Serial.Value.Load() == before {
		t.Error("the serial of the zone above stays")
	}
}

// Two stanzas of a server block share nothing.
func TestStanzasShareNoCluster(t *testing.T) {
	block := fixture.NewBlock(t, "k8s_gateway example.com\nk8s_gateway example.com")
	if block[0].Clusters[0] == block[1].Clusters[0] {
		t.Error("the stanzas share a cluster")
	}
}

// Z9: a question falls through to a plugin or to a stanza that has the zone, not to nobody.
func TestFallsThroughToSomebody(t *testing.T) {
	block := fixture.NewBlock(t, "k8s_gateway example.com {\nfallthrough\n}\nk8s_gateway example.org")
	block[0].Next, block[1].Next = block[1].Gateway, nil
	block[0].Ask(fixture.NXDomain("nowhere.example.com.", dns.TypeA))
}
