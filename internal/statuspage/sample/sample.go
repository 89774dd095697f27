// Package sample is a Source of the status page with made-up names, for its tests.
package sample

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// Source has the names of two clusters in two zones.
type Source struct {
	all  statuspage.State
	rows []statuspage.Row
}

var (
	zones = []string{"example.com.", "lab.example.com."}
	apps  = []string{"web", "api", "shop", "login", "docs", "grafana", "registry", "mail", "queue", "search"}
	teams = []string{"default", "shop", "billing", "observability", "platform"}
)

// New returns a source with about n rows. The same n gives the same rows.
func New(n int) *Source {
	now := time.Date(2026, 5, 4, 12, 30, 0, 0, time.UTC)
	s := &Source{all: statuspage.State{Server: "CoreDNS-1.15.0+k8s_gateway-0.1.0", Taken: now, Ready: true, Zones: zones}}
	s.rows = []statuspage.Row{
		{Name: "*.apps.example.com.", Type: "A", Data: "192.0.2.80", TTL: 60, Kind: "HTTPRoute", Namespace: "platform", Object: "catch-all", Cluster: "home", Standing: statuspage.Answers},
		{Name: "example.com.", Type: "MX", Data: "10 mail.example.com.", TTL: 3600, Kind: "DNSEndpoint", Namespace: "platform", Object: "apex", Cluster: "home", Standing: statuspage.Answers},
		{Name: "example.com.", Type: "TXT", Data: `"v=spf1 mx -all"`, TTL: 3600, Kind: "DNSEndpoint", Namespace: "platform", Object: "apex", Cluster: "home", Standing: statuspage.Answers},
		{Name: "pending.example.com.", Kind: "Ingress", Namespace: "shop", Object: "pending", Cluster: "home", Standing: statuspage.Pending, Reason: "Ingress shop/pending has no address yet"},
		{Name: "refused.example.com.", Kind: "HTTPRoute", Namespace: "shop", Object: "refused", Cluster: "home", Standing: statuspage.Refused, Reason: "Gateway infra/edge does not allow namespace shop"},
		{Name: "www.example.com.", Type: "A", Data: "192.0.2.1", TTL: 60, Kind: "Ingress", Namespace: "default", Object: "www", Cluster: "home", Standing: statuspage.Answers},
		{Name: "www.example.com.", Type: "AAAA", Data: "2001:db8::1", TTL: 60, Kind: "Ingress", Namespace: "default", Object: "www", Cluster: "home", Standing: statuspage.Answers},
		{Name: "www.example.com.", Type: "A", Data: "198.51.100.7", TTL: 60, Kind: "Service", Namespace: "default", Object: "www", Cluster: "home", Standing: statuspage.Hidden, Reason: "Ingress comes before Service"},
		{Kind: "DNSEndpoint", Namespace: "platform", Object: "typo", Cluster: "home", Standing: statuspage.Skipped, Reason: `name "exa mple.com" has a character that is not allowed in a host name`},
	}
	for i := len(s.rows); i < n; i++ {
		s.rows = append(s.rows, row(i))
	}
	for _, kind := range []string{"Ingress", "HTTPRoute", "Service", "DNSEndpoint", "Node"} {
		for _, cluster := range []string{"home", "lab"} {
			s.all.Sources = append(s.all.Sources, s.status(kind, cluster))
		}
	}
	return s
}

func row(i int) statuspage.Row {
	app, team := apps[i%len(apps)], teams[i/7%len(teams)]
	r := statuspage.Row{
		Type: "A", Data: fmt.Sprintf("10.%d.%d.%d", i>>16&255, i>>8&255, i&255), TTL: 60,
		Kind: "Ingress", Namespace: team, Object: fmt.Sprintf("%s-%05d", app, i), Cluster: "home", Standing: statuspage.Answers,
	}
	r.Name = r.Object + "." + team + "." + zones[i%2]
	if i%2 == 1 {
		r.Cluster = "lab"
	}
	switch i % 10 {
	case 3, 4:
		r.Kind = "HTTPRoute"
	case 5:
		r.Kind, r.Type, r.Data = "HTTPRoute", "AAAA", fmt.Sprintf("2001:db8:0:%x::%x", i>>12, i&4095)
	case 6:
		r.Kind, r.Type, r.Data, r.TTL = "DNSEndpoint", "CNAME", fmt.Sprintf("lb-%d.example.net.", i%97), 300
	case 7, 8:
		r.Kind = "Service"
	}
	unserved := func(kind, standing, reason string) {
		r.Type, r.Data, r.TTL, r.Kind, r.Standing, r.Reason = "", "", 0, kind, standing, reason
	}
	switch i % 250 {
	case 13, 130:
		unserved("Service", statuspage.Pending, fmt.Sprintf("Service %s/%s has no address yet", team, r.Object))
	case 57:
		unserved("HTTPRoute", statuspage.Refused, "no listener of Gateway infra/edge has a host that matches")
	case 91:
		unserved("DNSEndpoint", statuspage.Skipped, `A "10.0.0.300" is not an IP address a name can have`)
	case 201:
		unserved("Ingress", statuspage.LeftOut, "class internal is not in ingressClasses")
	}
	return r
}

func (s *Source) status(kind, cluster string) statuspage.Status {
	st := statuspage.Status{Zones: zones, Kind: kind, Cluster: cluster, State: statuspage.Synced, Watching: true, Heard: s.all.Taken.Add(-4 * time.Second)}
	for _, r := range s.rows {
		if r.Kind == kind && r.Cluster == cluster {
			st.Objects++
			st.Names++
		}
	}
	if kind == "Node" && cluster == "lab" {
		st.State, st.Watching, st.Problem, st.Heard = statuspage.Forbidden, false, `nodes is forbidden: User "system:serviceaccount:dns:coredns" cannot list resource "nodes" at the cluster scope`, s.all.Taken.Add(-20*time.Minute)
	}
	return st
}

// State implements statuspage.Source.
func (s *Source) State() statuspage.State {
	state := s.all
	state.Claims = statuspage.Claims(s.rows)
	return state
}

// Explain implements statuspage.Source.
func (s *Source) Explain(name string) statuspage.Explanation {
	name = strings.ToLower(strings.TrimSuffix(name, ".") + ".")
	e := statuspage.Explanation{Name: name}
	if !strings.HasSuffix(name, "."+zones[0]) && name != zones[0] {
		e.Reasons = []string{"It is in none of the zones here."}
		return e
	}
	e.Result = "NXDOMAIN"
	for _, r := range s.rows {
		switch {
		case r.Name != name:
		case r.Standing == statuspage.Answers:
			e.Result = "NOERROR"
			e.Answers = append(e.Answers, fmt.Sprintf("%s\t%d\tIN\t%s\t%s", r.Name, r.TTL, r.Type, r.Data))
			e.Reasons = append(e.Reasons, fmt.Sprintf("%s %s/%s has it.", r.Kind, r.Namespace, r.Object))
		default:
			e.Reasons = append(e.Reasons, r.Reason+".")
		}
	}
	if len(e.Reasons) == 0 {
		e.Reasons = []string{"No object claims it."}
	}
	e.Reasons = slices.Compact(e.Reasons)
	return e
}
