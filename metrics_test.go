package gateway_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"github.com/prometheus/client_golang/prometheus"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	gateway "github.com/k8s-gateway/k8s_gateway/v2"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// Every question is counted once, under the kind that answered and the result.
func TestLookupsAreCounted(t *testing.T) {
	f := fixture.New(t, "resources Ingress DNSEndpoint\nfallthrough sub.example.com",
		fixture.AnIngress("web.example.com", "192.0.2.1"), fixture.IngressAt("alias", "alias.example.com", "web.example.com"), fixture.Endpoints("x", `
  - {dnsName: web.example.com, recordType: TXT, targets: [text]}
  - {dnsName: child.example.com, recordType: NS, targets: [ns.example.net]}`)).Chain()
	for question, want := range map[string]string{
		"web.example.com. A":       "Ingress success",
		"alias.example.com. A":     "Ingress success",
		"web.example.com. TXT":     "DNSEndpoint success",
		"web.example.com. MX":      " nodata",
		"nowhere.example.com. A":   " nxdomain",
		"a.child.example.com. A":   "DNSEndpoint delegation",
		"example.com. SOA":         " success",
		"no.sub.example.com. A":    " fallthrough",
		"elsewhere.example.net. A": "",
	} {
		before := fixture.Counted(t, "lookups_total")
		name, qtype, _ := strings.Cut(question, " ")
		f.Query(new(dns.Msg).SetQuestion(name, dns.StringToType[qtype]))
		var got []string
		for labels, n := range fixture.Counted(t, "lookups_total") {
			for ; n > before[labels]; n-- {
				got = append(got, labels)
			}
		}
		if want := slices.DeleteFunc([]string{want}, func(s string) bool { return s == "" }); !slices.Equal(got, want) {
			t.Errorf("%s: counted %q, want %q", question, got, want)
		}
	}
}

// The gauges have the current values, and no series once the instance has ended (R5).
func TestGauges(t *testing.T) {
	f := fixture.New(t, "k8s_gateway gauges.example.com {\nresources Ingress HTTPRoute Service\napex ns1 192.0.2.53\n}",
		fixture.AnIngress("a.gauges.example.com", "192.0.2.1"), fixture.AnIngress("b.gauges.example.com", "192.0.2.1"), fixture.AnIngress("elsewhere.example.net", "192.0.2.1"))
	c := f.Clusters[0]
	for _, i := range c.Demanded() {
		switch i.Title {
		case "Ingress":
			i.Listed.Store(true)
			i.Watches.Add(1)
		case "HTTPRoute":
			i.Failed(c, func() {}, apierrors.NewNotFound(schema.GroupResource{}, ""))
		case "Gateway":
			i.Failed(c, func() {}, apierrors.NewForbidden(schema.GroupResource{}, "", nil))
		case "Service":
			i.Listed.Store(true)
			i.Failed(c, func() {}, errors.New("connection refused"))
		}
	}
	i := gateway.NewInstance(t.Context(), nil, f.Gateway)
	i.Register()
	for name, want := range map[string][]string{
		"objects":    {"in-cluster Gateway 0", "in-cluster HTTPRoute 0", "in-cluster Ingress 2", "in-cluster Service 0"},
		"names":      {"in-cluster HTTPRoute 0", "in-cluster Ingress 2", "in-cluster Service 0"},
		"watches":    {"in-cluster Gateway 0", "in-cluster HTTPRoute 0", "in-cluster Ingress 1", "in-cluster Service 0"},
		"kind_state": {"in-cluster Gateway forbidden 1", "in-cluster HTTPRoute absent 1", "in-cluster Ingress synced 1", "in-cluster Service stale 1"},
	} {
		var got []string
		for labels, n := range fixture.Counted(t, name) {
			if labels, ok := strings.CutSuffix(labels, " gauges.example.com."); ok && (name != "kind_state" || n > 0) {
				got = append(got, fmt.Sprint(labels, " ", n))
			} else if before, zone, ok := strings.Cut(labels, " gauges.example.com."); ok && name == "kind_state" && n > 0 {
				_ = zone
				got = append(got, fmt.Sprint(before, " ", n))
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if n := len(fixture.Counted(t, "api_server_silence_seconds")); n != 1 {
		t.Errorf("silence of %d API servers, want of 1", n)
	}
	i.Unregister()
	for _, name := range []string{"objects", "names", "watches", "kind_state", "api_server_silence_seconds", "upstream_cache_entries"} {
		if left := fixture.Counted(t, name); len(left) > 0 {
			t.Errorf("%s: left: %v", name, left)
		}
	}
}

// A change is counted, with its latency. The objects of a list are not changes.
func TestEventsAreCounted(t *testing.T) {
	events, latencies := fixture.Counted(t, "events_total"), fixture.Counted(t, "propagation_seconds")
	f := fixture.New(t, "", fixture.AnIngress("web.example.com", "192.0.2.1"))
	f.Remove(fixture.AnIngress("web.example.com", "192.0.2.1"))
	for labels, n := range map[string]float64{"update Ingress": 1, "delete Ingress": 1, "add Ingress": 0} {
		if got := fixture.Counted(t, "events_total")[labels] - events[labels]; got != n {
			t.Errorf("%s: counted %v, want %v", labels, got, n)
		}
	}
	if got := fixture.Counted(t, "propagation_seconds")["Ingress"] - latencies["Ingress"]; got != 2 {
		t.Errorf("measured %v times, want 2", got)
	}
}

// The alert rules and the dashboard in examples/monitoring use only existing metrics and labels, and all of them.
func TestMonitoringExamples(t *testing.T) {
	known, used := describedMetrics(), map[string]bool{}
	expressions := alertExpressions(t)
	expressions = append(expressions, dashboardExpressions(t)...)
	for _, e := range expressions {
		grouped := labelsIn(e, `\bby \(([^)]*)\)`)
		for _, m := range metricUse.FindAllStringSubmatch(e, -1) {
			name := strings.TrimSuffix(m[1], "_bucket")
			labels, ours := known[name]
			if !ours {
				t.Errorf("no metric %s: %s", m[1], e)
				continue
			}
			used[name] = true
			for _, label := range append(labelsIn(m[2], `(\w+)(?:=~|!=|!~|=)`), grouped...) {
				if !slices.Contains(append(labels, "instance", "job", "le"), label) {
					t.Errorf("metric %s has no label %s: %s", name, label, e)
				}
			}
		}
	}
	for name := range known {
		if !used[name] {
			t.Errorf("metric %s is in no alert and on no dashboard", name)
		}
	}
}

var (
	metricUse = regexp.MustCompile(`coredns_(k8s_gateway_\w+)(\{[^}]*\})?`)
	described = regexp.MustCompile(`fqName: "coredns_(k8s_gateway_\w+)".*variableLabels: \{([^}]*)\}`)
)

// describedMetrics returns the labels of every metric of the plugin.
func describedMetrics() map[string][]string {
	known := map[string][]string{}
	ch := make(chan *prometheus.Desc)
	go func() {
		defer close(ch)
		gateway.DescribedByMetric.Describe(ch)
		prometheus.DefaultRegisterer.(*prometheus.Registry).Describe(ch)
	}()
	for d := range ch {
		if m := described.FindStringSubmatch(d.String()); m != nil {
			known[m[1]] = strings.Split(m[2], ",")
		}
	}
	return known
}

func labelsIn(text, pattern string) (labels []string) {
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		for label := range strings.SplitSeq(m[1], ",") {
			labels = append(labels, strings.TrimSpace(label))
		}
	}
	return labels
}

// alertExpressions also checks that every rule says what it means.
func alertExpressions(t *testing.T) (list []string) {
	t.Helper()
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	data, err := os.ReadFile("examples/monitoring/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(data, &file); err != nil {
		t.Fatal(err)
	}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			if r.Alert == "" || r.For == "" || r.Labels["severity"] == "" || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
				t.Errorf("rule %q lacks something: %+v", r.Alert, r)
			}
			list = append(list, r.Expr)
		}
	}
	if len(list) == 0 {
		t.Error("no rules")
	}
	return list
}

func dashboardExpressions(t *testing.T) (list []string) {
	t.Helper()
	var file struct {
		Panels []struct {
			Title, Type string
			Targets     []struct{ Expr string }
		}
	}
	data, err := os.ReadFile("examples/monitoring/grafana-dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	for _, p := range file.Panels {
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("panel %q shows nothing", p.Title)
		}
		for _, target := range p.Targets {
			list = append(list, target.Expr)
		}
	}
	return list
}
