package gateway

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Every question is counted once, under the kind that answered and the result.
func TestLookupsAreCounted(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint\nfallthrough sub.example.com",
		anIngress("web.example.com", "192.0.2.1"), ingressAt("alias", "alias.example.com", "web.example.com"), endpoints("x", `
  - {dnsName: web.example.com, recordType: TXT, targets: [text]}
  - {dnsName: child.example.com, recordType: NS, targets: [ns.example.net]}`)).chain()
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
		before := counted(t, "lookups_total")
		name, qtype, _ := strings.Cut(question, " ")
		f.query(new(dns.Msg).SetQuestion(name, dns.StringToType[qtype]))
		var got []string
		for labels, n := range counted(t, "lookups_total") {
			for ; n > before[labels]; n-- {
				got = append(got, labels)
			}
		}
		if want := slices.DeleteFunc([]string{want}, func(s string) bool { return s == "" }); !slices.Equal(got, want) {
			t.Errorf("%s: counted %q, want %q", question, got, want)
		}
	}
}

// The gauges say what there is, and nothing any more once the instance has ended (R5).
func TestGauges(t *testing.T) {
	f := newFixture(t, "k8s_gateway gauges.example.com {\nresources Ingress HTTPRoute Service\napex ns1 192.0.2.53\n}",
		anIngress("a.gauges.example.com", "192.0.2.1"), anIngress("b.gauges.example.com", "192.0.2.1"), anIngress("elsewhere.example.net", "192.0.2.1"))
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
	i := &instance{began: time.Now(), blocks: []*block{{gateways: []*Gateway{f.Gateway}}}}
	running.add(i)
	for name, want := range map[string][]string{
		"objects":    {"in-cluster Gateway 0", "in-cluster HTTPRoute 0", "in-cluster Ingress 2", "in-cluster Service 0"},
		"names":      {"in-cluster HTTPRoute 0", "in-cluster Ingress 2", "in-cluster Service 0"},
		"watches":    {"in-cluster Gateway 0", "in-cluster HTTPRoute 0", "in-cluster Ingress 1", "in-cluster Service 0"},
		"kind_state": {"in-cluster Gateway forbidden 1", "in-cluster HTTPRoute absent 1", "in-cluster Ingress synced 1", "in-cluster Service stale 1"},
	} {
		var got []string
		for labels, n := range counted(t, name) {
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
	if n := len(counted(t, "api_server_silence_seconds")); n != 1 {
		t.Errorf("silence of %d API servers, want of 1", n)
	}
	running.remove(i)
	for _, name := range []string{"objects", "names", "watches", "kind_state", "api_server_silence_seconds", "upstream_cache_entries"} {
		if left := counted(t, name); len(left) > 0 {
			t.Errorf("%s: left: %v", name, left)
		}
	}
}

// A change is counted, and how long it took to be answered with; what a list brings is no change.
func TestEventsAreCounted(t *testing.T) {
	events, latencies := counted(t, "events_total"), counted(t, "propagation_seconds")
	f := newFixture(t, "", anIngress("web.example.com", "192.0.2.1"))
	f.remove(anIngress("web.example.com", "192.0.2.1"))
	for labels, n := range map[string]float64{"update Ingress": 1, "delete Ingress": 1, "add Ingress": 0} {
		if got := counted(t, "events_total")[labels] - events[labels]; got != n {
			t.Errorf("%s: counted %v, want %v", labels, got, n)
		}
	}
	if got := counted(t, "propagation_seconds")["Ingress"] - latencies["Ingress"]; got != 2 {
		t.Errorf("measured %v times, want 2", got)
	}
}
