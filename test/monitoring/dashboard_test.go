package monitoring

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	sdk "github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/promqltest"
)

// board is the dashboard as Grafana reads it.
type board struct{ sdk.Dashboard }

func dashboard(t *testing.T) board {
	t.Helper()
	data, err := os.ReadFile("../../examples/monitoring/grafana-dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	plugins.RegisterDefaultPlugins()
	// The strict reading finds fields that are missing or unknown, but its errors are never nil and it keeps no panels.
	var b board
	//lint:ignore SA1019 the format that every Grafana imports
	if err := new(sdk.Dashboard).UnmarshalJSONStrict(data); err.Error() != "" {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &b.Dashboard); err != nil {
		t.Fatal(err)
	}
	return b
}

// panel is what a panel asks for and where it stands.
type panel struct {
	title, kind          string
	expressions, legends []string
	at                   sdk.GridPos
}

func (b board) panels() (list []panel) {
	for _, p := range b.Panels {
		if p.Panel == nil {
			continue // a row
		}
		panel := panel{title: *p.Panel.Title, kind: p.Panel.Type, at: *p.Panel.GridPos}
		for _, target := range p.Panel.Targets {
			q := target.(*prometheus.Dataquery)
			panel.expressions = append(panel.expressions, expand(q.Expr))
			legend := ""
			if q.LegendFormat != nil {
				legend = *q.LegendFormat
			}
			panel.legends = append(panel.legends, legend)
		}
		list = append(list, panel)
	}
	return list
}

// expand puts values in the place of the dashboard's variables.
func expand(expression string) string {
	return strings.NewReplacer("$job", ".*", "$instance", ".*", "$__rate_interval", "5m").Replace(expression)
}

// The dashboard is one that Grafana takes, each thing on it once and none over another.
func TestDashboardIsValid(t *testing.T) {
	b := dashboard(t)
	if err := b.Validate(); err != nil {
		t.Error(err)
	}
	ids := map[uint32]bool{}
	taken := map[[2]uint32]string{}
	for _, p := range b.Panels {
		var id *uint32
		var at *sdk.GridPos
		var title string
		if p.Panel != nil {
			id, at, title = p.Panel.Id, p.Panel.GridPos, *p.Panel.Title
		} else {
			id, at, title = &p.RowPanel.Id, p.RowPanel.GridPos, *p.RowPanel.Title
		}
		if ids[*id] {
			t.Errorf("%s: id %d is there already", title, *id)
		}
		ids[*id] = true
		for x := at.X; x < at.X+at.W; x++ {
			for y := at.Y; y < at.Y+at.H; y++ {
				if other := taken[[2]uint32{x, y}]; other != "" || x >= 24 {
					t.Fatalf("%s stands over %q, or beyond the right edge", title, other)
				}
				taken[[2]uint32{x, y}] = title
			}
		}
	}
}

// No plugin has to be installed for it, and no data source is somebody's own.
func TestDashboardIsPortable(t *testing.T) {
	data, err := os.ReadFile("../../examples/monitoring/grafana-dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range dashboard(t).panels() {
		if !strings.Contains("stat timeseries state-timeline", p.kind) {
			t.Errorf("%s: needs panel %s", p.title, p.kind)
		}
	}
	for _, m := range regexp.MustCompile(`"uid": "([^"]*)"`).FindAllStringSubmatch(string(data), -1) {
		if m[1] != "${datasource}" && m[1] != "k8s-gateway" {
			t.Errorf("refers to %s", m[1])
		}
	}
	variables := map[string]bool{"__rate_interval": true}
	for _, v := range dashboard(t).Templating.List {
		variables[v.Name] = true
	}
	for _, m := range regexp.MustCompile(`\$\{?(\w+)`).FindAllStringSubmatch(string(data), -1) {
		if !variables[m[1]] && m[1] != "__all" {
			t.Errorf("no variable %s", m[1])
		}
	}
}

// Every panel shows something where there is something, and each series of it is told apart by its legend.
func TestDashboardShows(t *testing.T) {
	store := promqltest.LoadedStorage(t, sample(t))
	engine := promqltest.NewTestEngine(t, false, 0, 1e6)
	for _, p := range dashboard(t).panels() {
		if len(p.expressions) == 0 {
			t.Errorf("%s: asks for nothing", p.title)
		}
		names := map[string]bool{}
		for i, e := range p.expressions {
			used(t, e)
			q, err := engine.NewInstantQuery(context.Background(), store, nil, e, time.Unix(3600, 0))
			if err != nil {
				t.Fatalf("%s: %v", p.title, err)
			}
			vector, err := q.Exec(context.Background()).Vector()
			if err != nil {
				t.Fatalf("%s: %v", p.title, err)
			}
			if len(vector) == 0 {
				t.Errorf("%s: nothing for %s", p.title, e)
			}
			if p.kind == "stat" && len(vector) != 1 {
				t.Errorf("%s: %d figures, want one", p.title, len(vector))
			}
			for _, s := range vector {
				name := legend(t, p.legends[i], s)
				if names[name] {
					t.Errorf("%s: two series are called %q", p.title, name)
				}
				names[name] = true
			}
			q.Close()
		}
	}
}

// legend is what Grafana calls a series.
func legend(t *testing.T, format string, s promql.Sample) string {
	t.Helper()
	return regexp.MustCompile(`\{\{(\w+)\}\}`).ReplaceAllStringFunc(format, func(ref string) string {
		name := strings.Trim(ref, "{}")
		if !s.Metric.Has(name) && !emptiable[name] {
			t.Errorf("legend %q: series %s has no %s", format, s.Metric, name)
		}
		return s.Metric.Get(name)
	})
}

// emptiable are labels that may be empty, which to Prometheus is the same as not there.
var emptiable = map[string]bool{"kind": true}

// sample is every metric of CoreDNS with the plugin, growing, for two instances with two values of each label that
// is not a state.
func sample(t *testing.T) string {
	t.Helper()
	known, err := exported()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string][]string{
		"state": {"synced", "unsynced", "stale", "absent", "forbidden"}, "result": {"success", "servfail", "hit"}, "kind": {"Ingress", ""}, "le": {"0.1", "+Inf"},
	}
	var b strings.Builder
	b.WriteString("load 1m\n")
	for name, own := range known {
		if !strings.HasPrefix(name, "coredns_") {
			continue
		}
		if strings.HasSuffix(name, "_seconds") && !strings.Contains(name, "silence") {
			name, own = name+"_bucket", append(own, "le")
		}
		sets := []labels.Labels{labels.FromStrings("job", "dns", "instance", "dns1"), labels.FromStrings("job", "dns", "instance", "dns2")}
		for _, label := range own {
			all := values[label]
			if all == nil {
				all = []string{label + "-a", label + "-b"}
			}
			var more []labels.Labels
			for _, set := range sets {
				for _, v := range all {
					more = append(more, labels.NewBuilder(set).Set(label, v).Labels())
				}
			}
			sets = more
		}
		for _, set := range sets {
			fmt.Fprintf(&b, "  %s%s 1+1x70\n", name, set)
		}
	}
	return b.String()
}
