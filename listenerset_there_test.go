package gateway

import (
	"strings"
	"testing"
)

// G3, L1: which ListenerSets are there. Those that are not leave the Gateway's own listeners be.
func TestListenerSetThere(t *testing.T) {
	listeners := "listeners: [" + fromAll("http", "set.example.com") + "]}"
	for what, tc := range map[string]struct {
		set  string
		want bool
	}{
		"no status":        {aSet("infra/set", fromAll("http", "set.example.com")), true},
		"accepted":         {aSet("infra/set", fromAll("http", "set.example.com"), `status: {conditions: [{type: Accepted, status: "True"}]}`), true},
		"pending":          {aSet("infra/set", fromAll("http", "set.example.com"), `status: {conditions: [{type: Accepted, status: "Unknown"}, {type: Programmed, status: "Unknown"}]}`), true},
		"not programmed":   {aSet("infra/set", fromAll("http", "set.example.com"), `status: {conditions: [{type: Accepted, status: "True"}, {type: Programmed, status: "False"}]}`), true},
		"refused":          {aSet("infra/set", fromAll("http", "set.example.com"), `status: {conditions: [{type: Accepted, status: "False"}]}`), false},
		"refused, though":  {aSet("infra/set", fromAll("http", "set.example.com"), `status: {conditions: [{type: Programmed, status: "True"}, {type: Accepted, status: "False"}]}`), false},
		"ignored":          {aSet("infra/set", fromAll("http", "set.example.com"), `labels: {k8s-gateway.dns/ignore: "true"}`), false},
		"not ignored":      {aSet("infra/set", fromAll("http", "set.example.com"), `labels: {k8s-gateway.dns/ignore: "false"}`), true},
		"default kind":     {anObject("ListenerSet", "infra/set", "spec: {parentRef: {name: gw}, "+listeners), true},
		"full reference":   {anObject("ListenerSet", "infra/set", "spec: {parentRef: {group: gateway.networking.k8s.io, kind: Gateway, name: gw, namespace: infra}, "+listeners), true},
		"other kind":       {anObject("ListenerSet", "infra/set", "spec: {parentRef: {kind: ListenerSet, name: gw}, "+listeners), false},
		"Service":          {anObject("ListenerSet", "infra/set", `spec: {parentRef: {group: "", kind: Service, name: gw}, `+listeners), false},
		"other group":      {anObject("ListenerSet", "infra/set", "spec: {parentRef: {group: example.com, name: gw}, "+listeners), false},
		"no such Gateway":  {anObject("ListenerSet", "infra/set", "spec: {parentRef: {name: absent}, "+listeners), false},
		"other namespace":  {anObject("ListenerSet", "infra/set", "spec: {parentRef: {name: gw, namespace: shop}, "+listeners), false},
		"of a ListenerSet": {anObject("ListenerSet", "infra/set", "spec: {parentRef: {kind: ListenerSet, name: set}, "+listeners), false},
	} {
		served := "gw"
		if tc.want {
			served = "gw set"
		}
		l := newLive(t, "resources HTTPRoute", edge(fromAll("http", "gw.example.com"), setsFromAll), tc.set, aRouteTo("HTTPRoute", "shop/web", toGateway+", "+toSet))
		l.only("gw set", served)
		l.remove(tc.set)
		l.only("gw set", "gw")
		if t.Failed() {
			t.Fatal(what)
		}
	}
}

// G4, L1: a ListenerSet is no more than its Gateway is.
func TestListenerSetWithoutGateway(t *testing.T) {
	gateway := edge(fromAll("http", ""), setsFromAll)
	for what, tc := range map[string]struct{ stanza, gateway string }{
		"absent":         {"", ""},
		"other class":    {"gatewayClasses private", gateway},
		"other Gateways": {"gateways infra/other shop/gw", gateway},
		"refused":        {"", strings.Replace(gateway, "status: {", `status: {conditions: [{type: Accepted, status: "False"}], `, 1)},
		"ignored":        {"", edge(fromAll("http", ""), setsFromAll, `labels: {k8s-gateway.dns/ignore: "true"}`)},
		"somebody's":     {"externalDNSAnnotations controller", edge(fromAll("http", ""), setsFromAll, "annotations: {external-dns.alpha.kubernetes.io/controller: other}")},
	} {
		l := newLive(t, "resources HTTPRoute\n"+tc.stanza, tc.gateway, aSet("infra/set", fromAll("http", "")), aRouteTo("HTTPRoute", "shop/web", toSet, "web.example.com"))
		l.only("web", "")
		if t.Failed() {
			t.Fatal(what)
		}
	}
	for what, stanza := range map[string]string{"its class": "gatewayClasses private public", "its name": "gateways infra/gw"} {
		l := newLive(t, "resources HTTPRoute\n"+stanza, gateway, aSet("infra/set", fromAll("http", "")), aRouteTo("HTTPRoute", "shop/web", toSet, "web.example.com"))
		l.only("web", "web")
		if t.Failed() {
			t.Fatal(what)
		}
	}
}

// G3: a route that refers to a Gateway is not attached to its ListenerSets, nor the other way round.
func TestListenerSetScope(t *testing.T) {
	l := newLive(t, "resources HTTPRoute", edge(fromAll("http", "gw.example.com"), setsFromAll),
		aSet("infra/set", fromAll("set", "set.example.com")), aSet("infra/other", fromAll("set", "other.example.com")))
	for refs, served := range map[string]string{
		toGateway:                          "gw",
		toSet:                              "set",
		toGateway + ", " + toSet:           "gw set",
		"{kind: ListenerSet, name: other}": "other",
		"{name: gw, sectionName: set}":     "",
		"{kind: ListenerSet, name: set, sectionName: http}":                                                        "",
		"{name: gw, sectionName: http}, {kind: ListenerSet, name: set, sectionName: set}":                          "gw set",
		"{name: gw, sectionName: set}, {kind: ListenerSet, name: set, sectionName: set}":                           "set",
		"{kind: ListenerSet, name: set}, {kind: ListenerSet, name: other}, {name: gw, namespace: infra, port: 80}": "gw set other",
	} {
		l.apply(aRouteTo("HTTPRoute", "infra/web", refs), aRouteTo("HTTPRoute", "infra/named", refs, "gw.example.com", "set.example.com", "other.example.com"))
		l.only("gw set other", served)
		if t.Failed() {
			t.Fatal(refs)
		}
	}
}
