package gateway

import (
	"fmt"
	"testing"
)

// G3: a listener that is Conflicted=True or Accepted=False is not there, in a Gateway and in a ListenerSet.
// What else its status says plays no part.
func TestListenerConditions(t *testing.T) {
	for conditions, want := range map[string]bool{
		``:                                                                       true,
		`{type: Accepted, status: "True"}`:                                       true,
		`{type: Accepted, status: "Unknown"}`:                                    true,
		`{type: Accepted, status: "False"}`:                                      false,
		`{type: Conflicted, status: "True"}`:                                     false,
		`{type: Conflicted, status: "False"}`:                                    true,
		`{type: Conflicted, status: "Unknown"}`:                                  true,
		`{type: Programmed, status: "False"}`:                                    true,
		`{type: ResolvedRefs, status: "False"}`:                                  true,
		`{type: Detached, status: "True"}`:                                       true,
		`{type: example.com/x, status: "False"}`:                                 true,
		`{type: Accepted, status: "True"}, {type: Conflicted, status: "True"}`:   false,
		`{type: Conflicted, status: "False"}, {type: Accepted, status: "False"}`: false,
		`{type: Conflicted, status: "False"}, {type: Accepted, status: "True"}, {type: Programmed, status: "False"}`:   true,
		`{type: Accepted, status: "False", observedGeneration: 1}`:                                                     false,
		`{type: ResolvedRefs, status: "False"}, {type: Programmed, status: "False"}, {type: Accepted, status: "True"}`: true,
	} {
		listeners := fromAll("one", "one.example.com") + ", " + fromAll("two", "two.example.com")
		status := "status: {addresses: [{value: 192.0.2.1}], listeners: [{name: one, attachedRoutes: 0, conditions: [%s]}, {name: other, attachedRoutes: 0, conditions: [{type: Accepted, status: \"False\"}]}]}"
		served := "two"
		if want {
			served = "one two"
		}
		l := newLive(t, "resources HTTPRoute", anObject("Gateway", "infra/gw", "spec: {gatewayClassName: public, listeners: ["+listeners+"]}", fmt.Sprintf(status, conditions)),
			aRouteTo("HTTPRoute", "shop/web", toGateway))
		l.only("one two", served)
		l = newLive(t, "resources HTTPRoute", edge("", setsFromAll), aSet("infra/set", listeners, fmt.Sprintf(status[:len("status: {")]+status[len("status: {addresses: [{value: 192.0.2.1}], "):], conditions)),
			aRouteTo("HTTPRoute", "shop/web", toSet))
		l.only("one two", served)
		if t.Failed() {
			t.Fatalf("conditions: [%s]", conditions)
		}
	}
}

// G3: a listener that is in conflict in a ListenerSet is another one than that of the same name in the Gateway.
func TestListenerStatusIsItsOwn(t *testing.T) {
	conflicted := `status: {listeners: [{name: http, attachedRoutes: 0, conditions: [{type: Conflicted, status: "True"}]}]}`
	l := newLive(t, "resources HTTPRoute", edge(fromAll("http", "gw.example.com"), setsFromAll), aSet("infra/set", fromAll("http", "set.example.com"), conflicted),
		aRouteTo("HTTPRoute", "infra/web", toGateway+", "+toSet))
	l.only("gw set", "gw")
}

// G3: a listener that is in conflict, then is not, then is again.
func TestListenerConditionsChange(t *testing.T) {
	gateway := func(status string) string {
		return anObject("Gateway", "infra/gw", "spec: {gatewayClassName: public, listeners: ["+fromAll("http", "")+"]}",
			fmt.Sprintf(`status: {addresses: [{value: 192.0.2.1}], listeners: [{name: http, attachedRoutes: 0, conditions: [{type: Conflicted, status: %q}]}]}`, status))
	}
	l := newLive(t, "resources HTTPRoute", aRouteTo("HTTPRoute", "infra/web", toGateway, "web.example.com", "*.wild.example.com"))
	for range 2 {
		l.apply(gateway("False"))
		l.only("web x.wild", "web x.wild")
		l.apply(gateway("True"))
		l.only("web x.wild", "")
	}
}
