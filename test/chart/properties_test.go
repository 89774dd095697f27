package chart

import (
	"regexp"
	"strings"
	"testing"
)

// everyProperty are values that set every property of the plugin.
const everyProperty = `
domain: example.com
watchedResources: [Ingress, Service, HTTPRoute, Node]
namespaces: [shop]
ttl: 30
apex: ns1 192.0.2.53
secondary: [ns2 192.0.2.54, ns3 192.0.2.55]
kubeconfigs: [{secret: east, location: DE}]
filters: {ingressClasses: [a], gatewayClasses: [b], gateways: [c/d], labelSelector: e=f, serviceLabelSelectors: [g=h]}
fallthrough: {enabled: true}
exclude: ["*.intra.example.com"]
steer: [healthy, subnet]
networks: {lan: [10.0.0.0/8]}
externalDNSAnnotations: [target]
nodeAddressType: ExternalIP
loadBalancerAddressPreference: hostname
startupTimeout: 10s
statusPage: true
explain: true
`

var propertyLine = regexp.MustCompile(`(?m)^    ([a-zA-Z]+)\b`)

// The chart has a value for every property of the README's syntax, as the README says.
func TestEveryPropertyHasAValue(t *testing.T) {
	_, syntax, _ := strings.Cut(read(t, root+"/README.md"), "\n## Syntax\n")
	_, syntax, _ = strings.Cut(syntax, "~~~ txt\n")
	syntax, _, _ = strings.Cut(syntax, "\n}\n~~~")
	properties := propertyLine.FindAllStringSubmatch(syntax, -1)
	if len(properties) < 15 {
		t.Fatalf("%d properties in:\n%s", len(properties), syntax)
	}
	corefile := configuration(t, render(t, "dns", everyProperty))["Corefile"]
	for _, p := range properties {
		if strings.HasPrefix(p[1], "clientFiltering") { // the chart writes steer in its place
			continue
		}
		if !regexp.MustCompile(`(?m)^        ` + p[1] + `\b`).MatchString(corefile) {
			t.Errorf("no value sets %s, or everyProperty does not", p[1])
		}
	}
}
