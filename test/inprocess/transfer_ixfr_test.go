package inprocess

import (
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// RFC 1995 section 2: a secondary that is current gets the SOA alone, one that is not the whole zone. A3, RFC 1982:
// serials wrap around.
func TestTransferIncremental(t *testing.T) {
	f := fixture.New(t, "resources Ingress", fixture.IngressAt("web", "web.example.com", "192.0.2.1"))
	serial := f.Axfr("example.com.", 0)[0].(*dns.SOA).Serial
	for _, tc := range []struct {
		has  uint32
		want int
	}{
		{serial, 1},
		{serial + 1, 1},
		{serial + 1<<30, 1},
		{serial - 1, 4},
		{serial - 1000, 4},
		{serial - 1<<30, 4},
	} {
		got := f.Axfr("example.com.", tc.has)
		if len(got) != tc.want {
			t.Errorf("serial %d at %d: %d records, want %d", tc.has, serial, len(got), tc.want)
		}
		if soa, ok := got[0].(*dns.SOA); !ok || soa.Serial != serial {
			t.Errorf("begins with %s", got[0])
		}
	}
}

// A3: a change moves the serial, so that a secondary that was current no longer is.
func TestTransferAfterChange(t *testing.T) {
	f := fixture.New(t, "resources Ingress", fixture.IngressAt("web", "web.example.com", "192.0.2.1"))
	for i, addr := range []string{"192.0.2.2", "192.0.2.3"} {
		before := f.Axfr("example.com.", 0)[0].(*dns.SOA).Serial
		f.Zones.All[0].Serial.Value.Add(^uint32(5)) // as if some time had passed
		before -= 6
		f.Apply(fixture.IngressAt("web", "web.example.com", addr))
		if got := f.Axfr("example.com.", before); len(got) != 4 || got[2].String() != "web.example.com.\t60\tIN\tA\t"+addr {
			t.Errorf("change %d: got %v", i, got)
		}
	}
}
