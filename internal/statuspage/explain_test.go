package statuspage

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// answers returns the boxes that explain a name.
func (e element) answers() (list []element) {
	for _, section := range e.all("section") {
		if section.attribute("aria-labelledby") == "answer" {
			list = append(list, section)
		}
	}
	return list
}

// Which searches are for a name that is asked about, and which are for a part of something.
func TestWhichSearchIsExplained(t *testing.T) {
	for search, explained := range map[string]bool{
		"web.example.com":             true,
		"WEB.EXAMPLE.COM":             true,
		"  web.example.com ":          true,
		"nowhere.example.com":         true,
		"_https._tcp.web.example.com": true,
		"*.example.com":               true,
		"bücher.example.com":          true,
		"example.com":                 true,
		"mail.example.net":            false, // a target here, and in no zone
		"mail.example.net.":           true,  // the dot says that it is a name
		"www.example.org":             true,  // nothing matches: why?
		"web.example":                 false, // has matches
		"web":                         false,
		"nowhere":                     false,
		"localhost.":                  true,
		"192.0.2.1":                   false,
		"web example.com":             false,
		"default/web":                 false,
		"-.example.com":               false,
		"":                            false,
		".":                           false,
	} {
		source := web()
		if got := len(open(t, source, "/?q="+url.QueryEscape(search)).answers()) == 1; got != explained {
			t.Errorf("%q: explained %t", search, got)
		}
		if asked, _ := source.asked.Load().(string); explained && asked != strings.TrimSpace(search) {
			t.Errorf("%q: the source was asked for %q", search, asked)
		} else if !explained && asked != "" {
			t.Errorf("%q: the source was asked for %q", search, asked)
		}
	}
}

func TestExplanationSays(t *testing.T) {
	for want, e := range map[string]Explanation{
		"web.example.com. resolves NOERROR Ingress default/web has it. web.example.com. 60 IN A 192.0.2.1": {
			Result: "NOERROR", Answers: []string{"web.example.com.\t60\tIN\tA\t192.0.2.1"}, Reasons: []string{"Ingress default/web has it."}},
		"web.example.com. exists, without records NOERROR Names lie below it.": {Result: "NOERROR", Reasons: []string{"Names lie below it."}},
		"web.example.com. does not resolve NXDOMAIN One. Two.":                 {Result: "NXDOMAIN", Reasons: []string{"One.", "Two."}},
		"web.example.com. cannot be answered now SERVFAIL":                     {Result: "SERVFAIL"},
		"web.example.com. is not answered here It is in no zone.":              {Reasons: []string{"It is in no zone."}},
	} {
		source := web()
		e.Name = "web.example.com."
		source.explain = func(string) Explanation { return e }
		if got := open(t, source, "/?q=web.example.com").answers()[0].text(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		var records struct{ Explanation *Explanation }
		if err := json.Unmarshal(request(t, source, http.MethodGet, "/records.json?q=web.example.com").Body.Bytes(), &records); err != nil {
			t.Fatal(err)
		}
		if r := records.Explanation; r == nil || r.Name != e.Name || r.Result != e.Result || strings.Join(r.Reasons, " ") != strings.Join(e.Reasons, " ") || strings.Join(r.Answers, " ") != strings.Join(e.Answers, " ") {
			t.Errorf("records.json has %+v, want %+v", r, e)
		}
	}
}

// A URL that was copied from a browser is a question for its host.
func TestPastedURL(t *testing.T) {
	for _, search := range []string{"https://web.example.com/", "http://web.example.com:8080/path?q=1", " HTTPS://web.example.com ",
		"web.example.com:443", "web.example.com/cart", "//web.example.com", "//web.example.com/", "web.example.com:443/cart?q=1", "WEB.example.com.:443"} {
		source := web()
		page := open(t, source, "/?q="+url.QueryEscape(search))
		if asked, _ := source.asked.Load().(string); strings.TrimSuffix(strings.ToLower(asked), ".") != "web.example.com" || page.names() != "web web www" {
			t.Errorf("%q: asked about %q, rows %s", search, asked, page.names())
		}
	}
}

// What only looks like a URL is searched for as it stands: an object, an address, a network.
func TestNothingPasted(t *testing.T) {
	for _, text := range []string{"default/web", "shop/web.v1", "2001:db8::1", "192.0.2.0/24", "web:443", "a:b", "coredns.io@x/target", "web/", "/", ":", "//", "spec: x"} {
		if got := pasted(text); got != text {
			t.Errorf("%q: %q", text, got)
		}
	}
	for _, text := range []string{"//192.0.2.1/", "192.0.2.1:443", "http://192.0.2.1"} {
		if got := pasted(text); got != "192.0.2.1" {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// A name with very many addresses does not fill the page.
func TestExplanationIsShort(t *testing.T) {
	source := web()
	source.explain = func(string) Explanation {
		return Explanation{Name: "web.example.com.", Result: "NOERROR", Answers: make([]string, 1020)}
	}
	box := open(t, source, "/?q=web.example.com").answers()[0]
	box.says(t, "… and 1,000 more")
	if n := len(box.all("li")); n != 21 {
		t.Errorf("%d answers", n)
	}
}
