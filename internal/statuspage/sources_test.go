package statuspage

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Several stanzas with one address are on one page.
func TestSources(t *testing.T) {
	home := knows("b.example.com. A 192.0.2.1 60 Ingress default/b answers", "d.example.com. A 192.0.2.1 60 Ingress default/d answers")
	home.state.Sources = []Status{{Kind: "Ingress", Cluster: "home", State: Synced}}
	lab := knows("a.example.net. A 192.0.2.2 60 Node -/a answers", "c.example.net. A 192.0.2.2 60 Node -/c answers")
	lab.state.Sources = []Status{{Kind: "Node", Cluster: "lab", State: Unsynced}}
	lab.state.Zones, lab.state.Ready, lab.state.Taken = []string{"example.net.", "example.com."}, false, noon.Add(-time.Second)

	both := Sources{home, lab}
	state := both.State()
	if state.Ready || (Sources{lab, home}).State().Ready || !state.Taken.Equal(lab.state.Taken) || strings.Join(state.Zones, " ") != "example.com. example.net." {
		t.Errorf("ready %t, taken %s, zones %s", state.Ready, state.Taken, state.Zones)
	}
	page := open(t, both, "/")
	page.says(t, "4 names in example.com , example.net", "Not ready")
	if got := page.names(); got != "a.example.net b c.example.net d" {
		t.Errorf("rows: %s", got)
	}
	if n := len(page.table("sources")); n != 2 {
		t.Errorf("%d sources", n)
	}
	if state := (Sources{home}).State(); !state.Ready {
		t.Error("one that is ready is not ready")
	}
}

// A name is explained by the one whose it is: the one with the longest zone, the first if there are several.
func TestSourcesExplain(t *testing.T) {
	says := func(result, reason string) *fake {
		return &fake{explain: func(name string) Explanation {
			return Explanation{Name: name + ".", Result: result, Reasons: []string{reason}}
		}}
	}
	none, other, yes, no := says("", "It is in none of the zones."), says("", "It is in no zone."), says("NOERROR", "yes"), says("NXDOMAIN", "no")
	longer := &fake{explain: func(name string) Explanation {
		return Explanation{Name: name + ".", Zone: "example.com.", Result: "SERVFAIL", Reasons: []string{"waiting"}}
	}}
	outside := func(zones ...string) *fake {
		return &fake{explain: func(name string) Explanation { return Explanation{Name: name + ".", Outside: zones} }}
	}
	passedOn := &fake{explain: func(name string) Explanation {
		return Explanation{Name: name + ".", Zone: "example.com.", Reasons: []string{"The next plugin is asked for it."}}
	}}
	for _, c := range []struct {
		sources Sources
		result  string
		reasons []string
	}{
		{Sources{none, yes, no}, "NOERROR", []string{"yes"}},
		{Sources{no, yes}, "NXDOMAIN", []string{"no"}},
		{Sources{no, longer, yes}, "SERVFAIL", []string{"waiting"}},
		{Sources{none, other, none}, "", []string{"It is in none of the zones.", "It is in no zone."}},
		{Sources{}, "", nil},
		{Sources{outside("example.com."), outside("example.com.", "example.net.")}, "", []string{"No zone of this server holds the name. The zones are example.com, example.net."}},
		{Sources{outside("."), none}, "", []string{"It is in none of the zones."}},
		{Sources{outside("a.", "b.", "c.", "d.", "e.", "f.", "g.")}, "", []string{"No zone of this server holds the name. The zones are a, b, c, d, e, … and 2 more."}},
		{Sources{none, passedOn, outside("example.net.")}, "", []string{"The next plugin is asked for it."}},
	} {
		e := c.sources.Explain("web.example.com")
		if e.Result != c.result || !slices.Equal(e.Reasons, c.reasons) || !strings.HasPrefix(e.Name, "web.example.com") {
			t.Errorf("got %+v, want %s %q", e, c.result, c.reasons)
		}
	}
}

// The table of sources says what is wrong, and so does the line that is there while it is closed.
func TestSourcesTable(t *testing.T) {
	source := web()
	all := []string{"example.com."}
	source.state.Sources = []Status{
		{Zones: all, Kind: "Ingress", Cluster: "home", State: Synced, Watching: true, Objects: 1234, Names: 2345, Heard: noon.Add(-5 * time.Second)},
		{Zones: all, Kind: "Service", Cluster: "home", State: Synced, Watching: false, Heard: noon.Add(-5 * time.Minute)},
		{Zones: all, Kind: "Ingress", Cluster: "lab", State: Stale, Problem: "connection refused", Heard: noon.Add(-5 * time.Hour)},
		{Zones: all, Kind: "Node", Cluster: "lab", State: Forbidden, Heard: noon},
		{Zones: all, Kind: "TLSRoute", Cluster: "lab", State: Absent, Heard: noon.Add(-50 * time.Hour)},
		{Zones: all, Kind: "Service", Cluster: "lab", State: Unsynced},
	}
	want := [][]string{
		{"Ingress", "home", "synced", "1,234", "2,345", "5 s ago"},
		{"Service", "home", "synced changes are not being watched", "0", "0", "5 min ago"},
		{"Ingress", "lab", "stale connection refused", "0", "0", "5 h ago"},
		{"Node", "lab", "forbidden", "0", "0", "now"},
		{"TLSRoute", "lab", "absent", "0", "0", "2 days ago"},
		{"Service", "lab", "unsynced", "0", "0", "never"},
	}
	page := open(t, source, "/")
	if got := page.table("sources"); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %q, want %q", got, want)
	}
	summary := "6 sources · Service in home: changes are not being watched; Ingress in lab: stale; Node in lab: forbidden; … and 2 more"
	if got := page.all("summary")[0].text(); got != summary {
		t.Errorf("got %s, want %s", got, summary)
	}

	source.state.Sources = source.state.Sources[:1]
	page = open(t, source, "/")
	if got := page.table("sources")[0]; len(got) != 5 {
		t.Errorf("the only cluster is named: %q", got)
	}
	if got := page.all("summary")[0].text(); got != "1 source, all in order" {
		t.Errorf("got %s", got)
	}

	source.state.Sources = append(source.state.Sources, Status{Zones: []string{"2.0.192.in-addr.arpa.", "example.net."}, Kind: "Service", Cluster: "home", State: Synced, Watching: true})
	if got := open(t, source, "/").table("sources")[1][1]; got != "2.0.192.in-addr.arpa , example.net" {
		t.Errorf("zones: %s", got)
	}
}
