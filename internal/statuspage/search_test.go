package statuspage

import (
	"net/url"
	"testing"
)

func web() *fake {
	return knows(
		"api.example.com. A 192.0.2.2 60 Service default/api answers",
		"mail.example.com. MX 10,mail.example.net. 60 DNSEndpoint mail/mx answers",
		"shop.example.com. - - 0 HTTPRoute shop/front refused Gateway infra/edge does not allow namespace shop",
		"text.example.com. TXT \"Some,Text\" 60 DNSEndpoint mail/text answers",
		"web.example.com. A 192.0.2.1 60 Ingress default/web answers",
		"web.example.com. A 192.0.2.2 60 Service default/web hidden Ingress comes before Service",
		"www.example.com. CNAME web.example.com. 60 DNSEndpoint default/www answers",
		"xn--bcher-kva.example.com. A 192.0.2.9 60 Ingress books/shop pending Ingress books/shop has no address yet",
	)
}

func TestSearch(t *testing.T) {
	for search, want := range map[string]string{
		"":                   "api mail shop text web web www xn--bcher-kva",
		"api":                "api",
		"WEB":                "web web www", // the target of www has it, too
		"192.0.2.2":          "api web",
		"some,text":          "text",
		"default":            "api web web www", // a namespace
		"fault/we":           "web web",         // namespace and name, as kubectl writes them
		"shop/":              "shop",            // all of a namespace
		"service web":        "web",             // kind and name
		"dnsendpoint text":   "text",
		"mx":                 "mail", // type
		"does not allow":     "shop", // reason
		"edge\tnamespace":    "shop",
		"bücher":             "xn--bcher-kva",
		"BÜCHER.example.com": "xn--bcher-kva",
		"web.example.com.":   "web web www",
		"nowhere":            "",
		"<script>":           "",
		"%":                  "",
	} {
		if got := open(t, web(), "/?q="+url.QueryEscape(search)).names(); got != want {
			t.Errorf("%q finds %q, want %q", search, got, want)
		}
	}
}

// What was typed is still there to be corrected.
func TestSearchKeepsText(t *testing.T) {
	for _, typed := range []string{"web.example.com", `"><b>`, "a & b", "bücher"} {
		field := open(t, web(), "/?q="+url.QueryEscape(typed)).with("id", "q")[0]
		if got := field.attribute("value"); got != typed {
			t.Errorf("typed %q, shown %q", typed, got)
		}
	}
}

// The rows of the name that is asked about are not somewhere behind names that contain it.
func TestSearchWholeNameFirst(t *testing.T) {
	source := knows(
		"a.b.example.com. A 192.0.2.1 60 Ingress default/1 answers",
		"aa.b.example.com. A 192.0.2.2 60 Ingress default/2 answers",
		"b.example.com. A 192.0.2.3 60 Ingress default/3 answers",
		"b.example.com. AAAA 2001:db8::3 60 Ingress default/3 answers",
		"c.b.example.com. A 192.0.2.4 60 Ingress default/4 answers",
	)
	for query, want := range map[string]string{
		"?q=b.example.com":           "b b a.b aa.b c.b",
		"?q=B.example.com.":          "b b a.b aa.b c.b",
		"?q=example.com":             "a.b aa.b b b c.b",
		"?q=b.example.com&sort=name": "a.b aa.b b b c.b",
	} {
		if got := open(t, source, "/"+query).names(); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}
