package gateway

import (
	"slices"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// L5: the status page shows which object claims an excluded name, and why it does not count there.
func TestExcludeStatus(t *testing.T) {
	f := newLive(t, "status :0\nexplain\nexclude web.example.com route.example.com\nresources Ingress Service HTTPRoute", anIngress("web.example.com", "192.0.2.1"), anIngress("ok.example.com", "192.0.2.1"),
		aService("two", "web.example.com,ok.example.com", "192.0.2.3"), aGateway("gw", "192.0.2.2"), aRoute("HTTPRoute", "web", "gw", "route.example.com"))
	var got []string
	for _, r := range statuspage.Rows((overview{f.Gateway}).State().Claims) {
		if r.Standing == statuspage.LeftOut {
			got = append(got, r.Name+" "+r.Kind+" "+r.Object+": "+r.Reason)
		}
	}
	slices.Sort(got)
	want := []string{
		"route.example.com. HTTPRoute web: the stanza excludes the name",
		"web.example.com. Ingress web-example-com: the stanza excludes the name",
		"web.example.com. Service two: the stanza excludes the name",
	}
	if len(got) != len(want) || got[0] != want[0] || got[2] != want[2] || !strings.HasPrefix(got[1], "web.example.com. Ingress") {
		t.Errorf("got %q, want %q", got, want)
	}
	if e := (overview{f.Gateway}).Explain("route.example.com"); !slices.Contains(e.Reasons, "The stanza excludes the name.") && !slices.Contains(e.Reasons, "the stanza excludes the name.") {
		t.Errorf("explained: %q", e.Reasons)
	}
}
