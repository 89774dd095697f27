package statuspage

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// block is the Data of n addresses of 10.0.0.0/8, and counts how often one is asked for.
type block struct {
	n    int
	made int
}

func (b *block) Len() int { return b.n }

func (b *block) At(i int) string {
	b.made++
	return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}).String()
}

// sharing returns a source in which names share data, beside one of an object with data of its own.
func sharing(names int, shared *block) *fake {
	f := knows("a.example.com. A 10.0.0.1 60 Ingress default/a answers", "z.example.com. - - 0 Ingress default/z pending because")
	route := &Object{Kind: "HTTPRoute", Namespace: "default", Name: "wide"}
	for i := range names {
		c := Claim{Name: fmt.Sprintf("n%04d.example.com.", i), Type: "A", Data: shared, TTL: 60, Object: route, Standing: Answers}
		if i%10 == 9 {
			c.Standing, c.Reason = Hidden, "10.0.0.7 is elsewhere"
		}
		f.state.Claims = append(f.state.Claims, c)
	}
	return f
}

// N7: the rows of names that share data are what they would be if each were an object's own, on every page of every order
// and search.
func TestSharedData(t *testing.T) {
	shared := sharing(30, &block{n: 40})
	expanded := &fake{state: shared.state, rows: slices.Concat(Rows(shared.state.Claims), shared.rows)}
	expanded.state.Claims = nil
	for _, search := range []string{"", "n000", "10.0.0.7", "10.0.0.7 n0009", "10.0.0.1", "hidden", "elsewhere 10.0.0.3", "wide 10.0.0", "nowhere", "n0009.example.com", "because"} {
		for _, more := range []string{"", "&sort=data", "&sort=-data", "&sort=-name", "&sort=standing", "&standing=hidden&sort=data", "&standing=unanswered", "&kind=HTTPRoute&sort=-ttl", "&kind=Ingress"} {
			for page := 1; ; page++ {
				target := fmt.Sprintf("/records.json?limit=97&page=%d&q=%s%s", page, strings.ReplaceAll(search, " ", "+"), more)
				got, want := request(t, shared, http.MethodGet, target), request(t, expanded, http.MethodGet, target)
				if got.Code != want.Code || got.Body.String() != want.Body.String() {
					t.Errorf("%s:\ngot  %.700s\nwant %.700s", target, got.Body, want.Body)
				}
				if strings.Contains(want.Body.String(), `"rows":[]`) {
					break
				}
			}
		}
	}
}

// N7: what a request makes of data that many names share is about what it shows, and no more than once each of the data
// for a search and for an order.
func TestSharedDataIsMadeOnce(t *testing.T) {
	for target, most := range map[string]int{
		"/": 101, "/?q=n": 101, "/?page=30000": 101, "/?sort=-name": 101, "/?sort=ttl&page=100": 101,
		"/?q=10.0.12": 4096 + 101, "/?q=10.0.12+n00&page=3": 4096 + 101, "/?sort=data": 4096 + 101, "/?q=10.0&sort=-data&page=9": 3*4096 + 101,
	} {
		shared := &block{n: 4096}
		if w := request(t, sharing(1000, shared), http.MethodGet, target); w.Code != http.StatusOK {
			t.Fatalf("%s: status %d", target, w.Code)
		}
		if shared.made > most+1000 { // the order of names looks at the first of each claim
			t.Errorf("%s: %d data were made, want at most %d", target, shared.made, most)
		}
	}
}

// A search of more words than are told apart is an error.
func TestTooManyWords(t *testing.T) {
	if w := request(t, web(), http.MethodGet, "/?q="+strings.Join(slices.Collect(func(yield func(string) bool) {
		for i := 0; i < 33 && yield(fmt.Sprint(i)); i++ {
		}
	}), "+")); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "at most 32 words") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}
