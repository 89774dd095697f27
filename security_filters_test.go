package gateway

import "testing"

// SECURITY.md, "What limits tenants": `namespaces` and `resources` are limits, for objects elsewhere and of other kinds
// are not read. Selectors and classes are not: whoever writes the object writes its labels and class.
func TestFiltersThatAreLimits(t *testing.T) {
	mine := tenant("b", ingressAt("mine", "bank.example.com", "198.51.100.66"))
	for stanza, served := range map[string]string{
		"resources Ingress":                      "bank",
		"resources Ingress\nnamespaces a":        "",
		"resources Service":                      "",
		"resources Ingress\nnamespaces a b":      "bank",
		"resources Ingress\nlabelSelector dns=a": "",
	} {
		newFresh(t, stanza, mine).only("bank", served)
	}
	newFresh(t, "resources Ingress\nlabelSelector dns=a\ningressClasses a", anObject("Ingress", "b/mine", "labels: {dns: a}", "annotations: {coredns.io/target: 198.51.100.66}",
		"spec: {ingressClassName: a, rules: [{host: bank.example.com}]}")).only("bank", "bank")
}
