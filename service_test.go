package gateway

import (
	"slices"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// S4: the status page shows the target that is answered.
func TestServiceSRVOnStatusPage(t *testing.T) {
	f := newFixture(t, "resources Service\nstatus :0", serviceAt("web", "web.example.com", "lb.example.net"))
	var got []string
	for _, r := range statuspage.Rows((overview{f.Gateway}).State().Claims) {
		if r.Name == "_http._tcp.web.example.com." {
			got = append(got, r.Type+" "+r.Data)
		}
	}
	if !slices.Equal(got, []string{"SRV 0 100 80 lb.example.net."}) {
		t.Errorf("got %v", got)
	}
}
