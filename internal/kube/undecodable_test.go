package kube_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// routeJSON is an HTTPRoute of Gateway default/gw as an API server sends it.
func routeJSON(t testing.TB, name, version string) string {
	t.Helper()
	return fixture.SentJSON(t, fixture.ARoute("HTTPRoute", name, "gw", name+".example.com"), version)
}

// N5: an object in which a field that DNS reads does not make sense says nothing, in a list and in a watch. The others
// answer, the watch goes on after it, and the log, the metric and the status page name it.
func TestUndecodableObject(t *testing.T) {
	for field, damage := range map[string]func(route string) string{
		"spec.hostnames": func(r string) string {
			return strings.Replace(r, `"hostnames":["bad.example.com"]`, `"hostnames":{"a":1}`, 1)
		},
		"spec.hostnames of a number":         func(r string) string { return strings.Replace(r, `["bad.example.com"]`, `["bad.example.com",7]`, 1) },
		"spec.parentRefs.port that is large": func(r string) string { return strings.Replace(r, `"name":"gw"`, `"name":"gw","port":4294967296`, 1) },
		"spec":                               func(r string) string { return r[:strings.Index(r, `"spec"`)] + `"spec":[]}` },
		"metadata.annotations":               func(r string) string { return strings.Replace(r, `"metadata":{`, `"metadata":{"annotations":[1],`, 1) },
		"status.parents.conditions": func(r string) string {
			return strings.Replace(r, `"spec"`, `"status":{"parents":[{"parentRef":{"name":"gw"},"conditions":{"type":"Accepted"}}]},"spec"`, 1)
		},
	} {
		t.Run(field, func(t *testing.T) {
			s := fixture.NewAPI(t)
			good := func(version string) string { return routeJSON(t, "bad", version) }
			bad := func(version string) string {
				text := damage(good(version))
				if text == good(version) {
					t.Fatal("not damaged:", text)
				}
				return text
			}
			s.On("gateways", fixture.Sends(fixture.JsonList("Gateway", "9", fixture.SentJSON(t, fixture.AGateway("gw", "192.0.2.1"), "1"))), nil)
			s.On("httproutes", fixture.Sends(fixture.JsonList("HTTPRoute", "9", routeJSON(t, "one", "2"), bad("3"), routeJSON(t, "two", "4"))), fixture.Streams(
				fixture.Event("ADDED", routeJSON(t, "three", "10")),
				fixture.Event("MODIFIED", good("11")),
				fixture.Event("ADDED", routeJSON(t, "four", "12")),
				fixture.Event("MODIFIED", bad("13")),
				fixture.Event("MODIFIED", bad("14")),
				fixture.Bookmark("HTTPRoute", "15"),
				fixture.Event("DELETED", bad("16")),
				fixture.Event("ADDED", good("17")),
				fixture.Event("MODIFIED", bad("18")),
				fixture.Event("ADDED", routeJSON(t, "last", "20"))))
			s.On("ingresses", fixture.Sends(fixture.JsonList("Ingress", "9")), nil)
			before := total(t, `skipped_values_total`, "HTTPRoute object")
			var f *fixture.Stanza
			said := fixture.Logged(t, func() {
				f = s.Serve("resources HTTPRoute Ingress\nstatus :0")
				fixture.Until(t, func() bool { m, _ := f.Query(fixture.A("last.example.com.").Msg()); return len(m.Answer) == 1 })
			})
			for _, name := range []string{"one", "two", "three", "four", "last"} {
				f.Ask(fixture.A(name+".example.com.", "192.0.2.1"))
			}
			f.Ask(fixture.NXDomain("bad.example.com.", dns.TypeA))
			if n := strings.Count(said, "HTTPRoute default/bad: skipped the whole object"); n != 3 {
				t.Errorf("said %d times, once for each version that differs, want 3:\n%s", n, said)
			}
			if n := total(t, `skipped_values_total`, "HTTPRoute object") - before; n != 3 {
				t.Errorf("counted %v times, want 3", n)
			}
			rows := 0
			for _, r := range statuspage.Rows(f.Overview().State().Claims) {
				if r.Object == "bad" && r.Standing == "skipped" && strings.Contains(r.Reason, "the whole object") {
					rows++
				}
			}
			if rows != 1 {
				t.Errorf("%d rows on the status page", rows)
			}
			if listed, _ := s.Times("httproutes"); listed != 1 {
				t.Errorf("listed %d times", listed)
			}
		})
	}
}

// total adds up the values of a metric whose labels hold a text.
func total(t *testing.T, name, labels string) (sum float64) {
	t.Helper()
	for key, value := range fixture.Counted(t, name) {
		if strings.Contains(key, labels) {
			sum += value
		}
	}
	return sum
}

// N5: fields that DNS does not read may hold anything, in any spelling.
func TestUnreadFieldsDoNotMatter(t *testing.T) {
	s := fixture.NewAPI(t)
	gw := fixture.SentJSON(t, fixture.AGateway("gw", "192.0.2.1"), "1")
	gw = strings.Replace(gw, `"status":{`, `"status":{"conditions":[{"type":"Accepted","status":"True","lastTransitionTime":"12:00","observedGeneration":"x"}],"attachedListenerSets":-1,`, 1)
	gw = strings.Replace(gw, `"listeners":[{`, `"addresses":7,"infrastructure":[],"listeners":[{"tls":{"certificateRefs":"none","options":3},`, 1)
	for i, extra := range []string{
		`"rules":[{"filters":[{"type":"ExternalAuth","externalAuth":{"forwardBody":{"maxSize":70000}}}]}]`,
		`"rules":"none"`, `"Hostnames":["upper.example.com"]`, `"HOSTNAMES":7`, `"rules":[{"timeouts":{"request":-1e400}}]`,
	} {
		name := fmt.Sprint("web", i)
		route := strings.Replace(routeJSON(t, name, "5"), `"spec":{`, `"spec":{`+extra+`,`, 1)
		route = strings.Replace(route, `"metadata":{`, `"metadata":{"creationTimestamp":"yesterday","generation":"two","managedFields":{},"Name":"upper",`, 1)
		s.On("gateways", fixture.Sends(fixture.JsonList("Gateway", "9", gw)), nil)
		s.On("httproutes", fixture.Sends(fixture.JsonList("HTTPRoute", "9", route)), nil)
		f := s.Serve("resources HTTPRoute")
		f.Ask(fixture.A(name+".example.com.", "192.0.2.1"), fixture.NXDomain("upper.example.com.", dns.TypeA))
	}
}

// N5: of a key that stands twice the last value counts, as it does for the API server.
func TestRepeatedKeys(t *testing.T) {
	s := fixture.NewAPI(t)
	s.On("gateways", fixture.Sends(fixture.JsonList("Gateway", "9", fixture.SentJSON(t, fixture.AGateway("gw", "192.0.2.1"), "1"))), nil)
	s.On("httproutes", fixture.Sends(fixture.JsonList("HTTPRoute", "9", strings.Replace(routeJSON(t, "web", "5"), `"hostnames":`, `"hostnames":["first.example.com"],"hostnames":`, 1))), nil)
	s.Serve("resources HTTPRoute").Ask(fixture.A("web.example.com.", "192.0.2.1"), fixture.NXDomain("first.example.com.", dns.TypeA))
}

// N5: what does not even say its name is left out of a list. In a watch it has all listed anew, and once only.
func TestNamelessObject(t *testing.T) {
	s := fixture.NewAPI(t)
	s.On("gateways", fixture.Sends(fixture.JsonList("Gateway", "9", fixture.SentJSON(t, fixture.AGateway("gw", "192.0.2.1"), "1"))), nil)
	broken := `{"kind":"HTTPRoute","metadata":{"name":{}},"spec":{}}`
	lists := 0
	s.On("httproutes", func(w http.ResponseWriter, r *http.Request) {
		lists++
		items := []string{routeJSON(t, "one", "2"), broken, `7`, `null`, `{"kind":"HTTPRoute"}`, routeJSON(t, "two", "3")}
		if lists > 1 {
			items = append(items, routeJSON(t, "later", "21"))
		}
		fixture.Sends(fixture.JsonList("HTTPRoute", fmt.Sprint(lists*10), items...))(w, r)
	}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("resourceVersion") == "10" {
			fixture.Streams(fixture.Event("ADDED", broken), fixture.Event("ADDED", routeJSON(t, "lost", "12")))(w, r)
		} else {
			fixture.Quiet(w, r)
		}
	})
	f := s.Serve("resources HTTPRoute")
	f.Ask(fixture.A("one.example.com.", "192.0.2.1"), fixture.A("two.example.com.", "192.0.2.1"))
	fixture.Until(t, func() bool { m, _ := f.Query(fixture.A("later.example.com.").Msg()); return len(m.Answer) == 1 })
	f.Ask(fixture.A("one.example.com.", "192.0.2.1"), fixture.A("two.example.com.", "192.0.2.1"))
}

// N5: an event that is too large for a watch, or garbled, has all listed anew, and the watch goes on after it.
func TestGarbledEvent(t *testing.T) {
	for what, garbled := range map[string]string{
		"huge":        fixture.Event("ADDED", `{"metadata":{"name":"huge","annotations":{"x":"`+strings.Repeat("x", 17<<20)+`"}}}`),
		"no object":   `{"type":"ADDED","object":7}`,
		"no event":    `[]`,
		"other event": fixture.Event("RENAMED", `{}`),
	} {
		t.Run(what, func(t *testing.T) {
			s := fixture.NewAPI(t)
			s.On("gateways", fixture.Sends(fixture.JsonList("Gateway", "9", fixture.SentJSON(t, fixture.AGateway("gw", "192.0.2.1"), "1"))), nil)
			lists := 0
			s.On("httproutes", func(w http.ResponseWriter, r *http.Request) {
				lists++
				fixture.Sends(fixture.JsonList("HTTPRoute", fmt.Sprint(lists*10), routeJSON(t, fmt.Sprint("list", lists), "2")))(w, r)
			}, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("resourceVersion") == "10" {
					fixture.Streams(garbled, fixture.Event("ADDED", routeJSON(t, "lost", "12")))(w, r)
				} else {
					fixture.Streams(fixture.Event("ADDED", routeJSON(t, "after", "22")))(w, r)
				}
			})
			f := s.Serve("resources HTTPRoute")
			fixture.Until(t, func() bool { m, _ := f.Query(fixture.A("after.example.com.").Msg()); return len(m.Answer) == 1 })
			f.Ask(fixture.A("list2.example.com.", "192.0.2.1"), fixture.NXDomain("list1.example.com.", dns.TypeA))
		})
	}
}
