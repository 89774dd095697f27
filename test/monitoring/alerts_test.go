package monitoring

import (
	"context"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/promqltest"
	"github.com/prometheus/prometheus/rules"
)

// rulesOf returns the alert rules, as Prometheus loads them.
func rulesOf(t *testing.T) (list []rulefmt.Rule) {
	t.Helper()
	groups, errs := rulefmt.ParseFile("../../examples/monitoring/alerts.yaml", false, model.LegacyValidation, promQL, slog.New(slog.DiscardHandler))
	for _, err := range errs {
		t.Error(err)
	}
	if groups == nil {
		t.FailNow()
	}
	for _, g := range groups.Groups {
		list = append(list, g.Rules...)
	}
	return list
}

// What an alert needs is there.
func TestAlertsSayWhatTheyMean(t *testing.T) {
	for _, r := range rulesOf(t) {
		if !slices.Contains([]string{"critical", "warning", "info"}, r.Labels["severity"]) || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
			t.Errorf("%s: severity %q, annotations %q", r.Alert, r.Labels["severity"], r.Annotations)
		}
	}
}

const here = `job="dns", instance="dns1"`

// series writes a metric of the instance with values in Prometheus's notation for tests: "0+2x3" is 0 2 4 6.
func series(metric, labels, values string) string {
	if labels != "" {
		labels = ", " + labels
	}
	return "  " + metric + "{" + here + labels + "} " + values + "\n"
}

const own = "coredns_k8s_gateway_"

// Each alert begins when it should, not before, and is silent when all is well. Series have a value a minute.
func TestAlerts(t *testing.T) {
	cluster := `zone="example.com.", cluster="main"`
	kind := cluster + `, kind="Ingress"`
	state := func(name, values string) string { return series(own+"kind_state", kind+`, state="`+name+`"`, values) }
	outOf := func(metric, label, bad, badValues, good, goodValues string) string {
		return series(own+metric, label+`="`+bad+`"`, badValues) + series(own+metric, label+`="`+good+`"`, goodValues)
	}
	for _, tc := range []struct {
		what, load string
		alert      string        // empty for none
		from       time.Duration // when it begins
		summary    string
	}{
		{"silence", series(own+"api_server_silence_seconds", cluster, "0+60x60"), "K8sGatewayAPIServerSilent", 11 * time.Minute,
			"dns1 has not heard of the API server of main for 11m 0s"},
		{"a watch that is quiet", series(own+"api_server_silence_seconds", cluster, "0 60 0 60 0 60x50"), "", 0, ""},
		{"never listed", state("unsynced", "1x60") + state("synced", "0x60"), "K8sGatewayKindUnsynced", 5 * time.Minute, "Ingress of main has not been listed on dns1"},
		{"a slow start", state("unsynced", "1 1 1 0x60") + state("synced", "0 0 0 1x60"), "", 0, ""},
		{"stale", state("stale", "0 1x60"), "K8sGatewayKindStale", 16 * time.Minute, "Ingress of main cannot be watched any more on dns1"},
		{"an upgrade of the API server", state("stale", "0 1x10 0x50"), "", 0, ""},
		{"forbidden", state("forbidden", "1x60"), "K8sGatewayKindForbidden", 15 * time.Minute, "dns1 has no permission to list Ingress in main"},
		{"absent", state("absent", "1x90"), "K8sGatewayKindAbsent", time.Hour, "The API server of main does not serve Ingress"},
		{"SERVFAIL", outOf("lookups_total", "result", "servfail", "0x10 0+6x80", "success", "0+600x90"), "", 0, ""},
		{"more SERVFAIL", outOf("lookups_total", "result", "servfail", "0+12x90", "success", "0+600x90"), "K8sGatewayServerFailures", 11 * time.Minute,
			"1.961% of the questions to dns1 end in SERVFAIL"},
		{"a burst of SERVFAIL", outOf("lookups_total", "result", "servfail", "0 600x90", "success", "0+600x90"), "", 0, ""},
		{"no questions", outOf("lookups_total", "result", "servfail", "0x90", "success", "0x90"), "", 0, ""},
		{"slow, by buckets", series(own+"propagation_seconds_bucket", `kind="Ingress", le="0.4096"`, "0x90") + series(own+"propagation_seconds_bucket", `kind="Ingress", le="1.6384"`, "0+60x90") +
			series(own+"propagation_seconds_bucket", `kind="Ingress", le="+Inf"`, "0+60x90"), "K8sGatewaySlowPropagation", 16 * time.Minute, "Changes take 1.626s to be answered with on dns1"},
		{"slow, native", series(own+"propagation_seconds", `kind="Ingress"`, "{{schema:0 count:0 sum:0}}+{{schema:0 count:60 sum:90 offset:1 buckets:[60]}}x90"), "K8sGatewaySlowPropagation", 16 * time.Minute, "Changes take 1.986s to be answered with on dns1"},
		{"quick, both", series(own+"propagation_seconds_bucket", `kind="Ingress", le="0.0004"`, "0+60x90") + series(own+"propagation_seconds_bucket", `kind="Ingress", le="+Inf"`, "0+60x90") +
			series(own+"propagation_seconds", `kind="Ingress"`, "{{schema:0 count:0 sum:0}}+{{schema:0 count:60 sum:0.01 offset:-11 buckets:[60]}}x90"), "", 0, ""},
		{"upstream", outOf("upstream_lookups_total", "result", "failure", "0+6x90", "success", "0+30x90"), "K8sGatewayUpstreamFailing", 16 * time.Minute, "16.67% of the lookups of names outside fail on dns1"},
		{"a name that cannot be resolved now and then", outOf("upstream_lookups_total", "result", "failure", "0+2x90", "success", "0+30x90"), "", 0, ""},
		{"the first bad value", series("up", "", "1x90") + series(own+"skipped_values_total", `kind="Ingress", reason="address"`, "_x10 1x90"), "K8sGatewayValuesSkipped", 10 * time.Minute, "A value of a Ingress cannot be served: address"},
		{"one more bad value", series(own+"skipped_values_total", `kind="Ingress", reason="address"`, "3x80 4x20"), "K8sGatewayValuesSkipped", 0, ""},
		{"reload", series("coredns_reload_failed_total", "", "0x10 1x80"), "K8sGatewayReloadFailed", 11 * time.Minute, "dns1 could not load its new Corefile"},
		{"panic", series("coredns_panics_total", "", "0x10 1x80"), "K8sGatewayPanics", 11 * time.Minute, "dns1 has panicked"},
	} {
		t.Run(tc.what, func(t *testing.T) {
			began := fire(t, "load 1m\n"+tc.load, 90*time.Minute)
			for alert, at := range began {
				if alert != tc.alert {
					t.Errorf("%s after %s: %s", alert, at.after, at.summary)
				}
			}
			if tc.alert == "" {
				return
			}
			at, ok := began[tc.alert]
			if !ok {
				t.Fatalf("%s: never", tc.alert)
			}
			if at.after != tc.from || tc.summary != "" && at.summary != tc.summary {
				t.Errorf("%s after %s: %q, want after %s: %q", tc.alert, at.after, at.summary, tc.from, tc.summary)
			}
		})
	}
}

// fired is when an alert fired first, and what it said.
type fired struct {
	after   time.Duration
	summary string
}

// fire evaluates all rules every minute, as Prometheus does, and returns those that fire.
func fire(t *testing.T, load string, until time.Duration) map[string]fired {
	t.Helper()
	store := promqltest.LoadedStorage(t, load)
	query := rules.EngineQueryFunc(promqltest.NewTestEngine(t, false, 0, 1e6), store)
	began := map[string]fired{}
	for _, r := range rulesOf(t) {
		expr, err := promQL.ParseExpr(r.Expr)
		if err != nil {
			t.Fatal(err)
		}
		rule := rules.NewAlertingRule(r.Alert, expr, time.Duration(r.For), time.Duration(r.KeepFiringFor), labels.FromMap(r.Labels), labels.FromMap(r.Annotations),
			labels.EmptyLabels(), "", true, slog.New(slog.DiscardHandler))
		for after := time.Duration(0); after <= until; after += time.Minute {
			if _, err := rule.Eval(context.Background(), 0, time.Unix(0, 0).Add(after), query, &url.URL{}, 0); err != nil {
				t.Fatalf("%s: %v", r.Alert, err)
			}
			for _, a := range rule.ActiveAlerts() {
				for name, text := range a.Annotations.Map() {
					if strings.Contains(text, "<no value>") || strings.Contains(text, "<error") || strings.Contains(text, "  ") {
						t.Errorf("%s: %s: %s", r.Alert, name, text)
					}
				}
				if _, known := began[r.Alert]; a.State == rules.StateFiring && !known {
					began[r.Alert] = fired{after, a.Annotations.Get("summary")}
				}
			}
		}
	}
	return began
}
