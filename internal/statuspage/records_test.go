package statuspage

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// get returns records.json as a script sees it.
func get(t *testing.T, source Source, query string) map[string]any {
	t.Helper()
	w := request(t, source, http.MethodGet, "/records.json"+query)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("%s: status %d, %s: %s", query, w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	var object map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &object); err != nil {
		t.Fatal(err)
	}
	return object
}

// Scripts see the same rows in the same order as people do.
func TestRecordsAreTheRows(t *testing.T) {
	for _, query := range []string{"", "?q=web", "?q=web.example.com", "?sort=-ttl", "?standing=unanswered", "?kind=DNSEndpoint&sort=data", "?page=2", "?q=nowhere"} {
		for _, source := range []*fake{web(), mixed(), many(130)} {
			source.state.Sources = []Status{{Kind: "DNSEndpoint"}}
			want := open(t, source, "/"+query).table("rows")
			rows := get(t, source, query)["rows"].([]any)
			if len(rows) != len(want) {
				t.Fatalf("%s: %d rows and %d records", query, len(want), len(rows))
			}
			for i, row := range rows {
				r := row.(map[string]any)
				text := func(key string) string { s, _ := r[key].(string); return s }
				cells := []string{text("name"), text("type"), text("data"), "", text("kind") + " " + text("namespace") + "/" + text("object"),
					strings.TrimSpace(text("standing") + " " + Sentence(text("reason")))}
				if cells[0] == "" {
					cells[0] = "—"
				}
				if cells[1] != "" {
					cells[3] = fmt.Sprint(r["ttl"])
				}
				if !slices.Equal(cells, want[i]) {
					t.Errorf("%s: record %q, row %q", query, cells, want[i])
				}
			}
		}
	}
}

// The names of the fields are a promise: those in the package comment and no other.
func TestRecordsFields(t *testing.T) {
	source := web()
	source.state.Sources = []Status{{Zones: []string{"example.com."}, Kind: "Ingress", Cluster: "home", State: Stale, Problem: "away", Watching: true, Objects: 2, Names: 3, Heard: noon.Add(-time.Hour)}}
	source.rows = []Row{{"web.example.com.", "A", "192.0.2.1", 60, "Ingress", "default", "web", "home", Hidden, "because"}}
	source.explain = func(string) Explanation {
		return Explanation{Name: "web.example.com.", Zone: "example.com.", Result: "NOERROR", Answers: []string{"an answer"}, Reasons: []string{"a reason"}}
	}
	want := `{"taken":"2026-05-04T12:00:00Z","ready":true,"zones":["example.com."],` +
		`"sources":[{"zones":["example.com."],"kind":"Ingress","cluster":"home","state":"stale","problem":"away","watching":true,"objects":2,"names":3,"heard":"2026-05-04T11:00:00Z"}],` +
		`"names":1,"answering":0,"standings":{"hidden":1},"total":1,"page":1,"pages":1,"limit":5,` +
		`"rows":[{"name":"web.example.com.","type":"A","data":"192.0.2.1","ttl":60,"kind":"Ingress","namespace":"default","object":"web","cluster":"home","standing":"hidden","reason":"because"}],` +
		`"explanation":{"name":"web.example.com.","zone":"example.com.","result":"NOERROR","answers":["an answer"],"reasons":["a reason"]}}`
	if got := request(t, source, http.MethodGet, "/records.json?q=web.example.com&limit=5").Body.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A script need not tell a list that is empty from one that is not there.
func TestRecordsOfNothing(t *testing.T) {
	object := get(t, &fake{}, "")
	for _, key := range []string{"zones", "sources", "rows"} {
		if list, ok := object[key].([]any); !ok || len(list) > 0 {
			t.Errorf("%s is %v", key, object[key])
		}
	}
	if object["pages"] != 1.0 {
		t.Errorf("pages: %v", object["pages"])
	}
	if _, ok := object["explanation"]; ok {
		t.Error("there is an explanation")
	}
}

// With limit a script gets all there is in few steps, until a page is empty.
func TestRecordsLimit(t *testing.T) {
	source, seen := many(250), map[string]bool{}
	for page := 1; ; page++ {
		rows := get(t, source, fmt.Sprintf("?limit=120&page=%d", page))["rows"].([]any)
		if len(rows) == 0 {
			break
		}
		for _, row := range rows {
			seen[row.(map[string]any)["name"].(string)] = true
		}
		if page > 3 {
			t.Fatal("there is no end")
		}
	}
	if len(seen) != 250 {
		t.Errorf("%d names", len(seen))
	}
}

func TestRecordsCount(t *testing.T) {
	object := get(t, mixed(), "?kind=Ingress&standing=pending")
	got := fmt.Sprint(object["names"], object["answering"], object["total"], object["pages"])
	if got != "7 3 1 1" {
		t.Errorf("names, answering, total, pages: %s", got)
	}
	want := map[string]any{Answers: 1.0, Hidden: 1.0, Pending: 1.0, LeftOut: 1.0}
	if counts := object["standings"].(map[string]any); !maps.Equal(counts, want) {
		t.Errorf("standings: %v", counts)
	}
}
