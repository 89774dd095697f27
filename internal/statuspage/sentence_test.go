package statuspage

import "testing"

// A reason begins with a capital on the page, unless it begins with a name or a value.
func TestSentence(t *testing.T) {
	for text, want := range map[string]string{
		"it has no address yet":                     "It has no address yet",
		"its class \"x\" is not in ingressClasses":  "Its class \"x\" is not in ingressClasses",
		"nameserver: no address is known":           "Nameserver: no address is known",
		"Ingress comes first":                       "Ingress comes first",
		"coredns.io/target points it at itself":     "coredns.io/target points it at itself",
		`"b!d" is no name`:                          `"b!d" is no name`,
		"external-dns's annotation leaves it":       "external-dns's annotation leaves it",
		"web.example.com A: 1.2.3 is no IP address": "web.example.com A: 1.2.3 is no IP address",
		"ns1 is not there":                          "ns1 is not there",
		"":                                          "",
	} {
		if got := Sentence(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A name whose addresses nobody asked for, and one whose aliases lead nowhere, are not said to resolve.
func TestVerdicts(t *testing.T) {
	for want, e := range map[string]Explanation{
		"example.com. has not been looked up yet":             {Name: "example.com.", Result: NotLookedUp},
		"a.example.com. does not resolve NOERROR a. CNAME a.": {Name: "a.example.com.", Result: "NOERROR", Answers: []string{"a. CNAME a."}, Unresolved: true},
	} {
		source := web()
		source.explain = func(string) Explanation { return e }
		if got := open(t, source, "/?q=web.example.com").answers()[0].text(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
