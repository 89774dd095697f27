package gateway

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/internal/names"
)

// parentGateway is what routes need of a Gateway. It is immutable once stored.
type parentGateway struct {
	meta
	listeners []listener
	targets
}

// listener is a listener of a Gateway.
type listener struct {
	name string
	port int32
	host string // canonical pattern; empty for all hosts
}

// admits reports whether the listener is one that a route's reference means.
func (l *listener) admits(p parent) bool {
	return (p.section == "" || p.section == l.name) && (p.port == 0 || p.port == l.port)
}

// newParentGateway reads a Gateway. One that is not accepted, or of a class that is filtered out, is
// not there (G4).
func newParentGateway(f *filters, gw *gatewayv1.Gateway) *parentGateway {
	if ignored(gw) ||
		len(f.gatewayClasses) > 0 && !slices.Contains(f.gatewayClasses, string(gw.Spec.GatewayClassName)) ||
		conditionStatus(gw.Status.Conditions, string(gatewayv1.GatewayConditionAccepted)) == metav1.ConditionFalse {
		return nil
	}
	p := &parentGateway{meta: metaOf(gw)}
	for _, l := range gw.Spec.Listeners {
		host := ""
		if l.Hostname != nil && *l.Hostname != "" {
			var ok bool
			if host, ok = p.skipped.name(string(*l.Hostname), names.Hostname); !ok {
				continue
			}
		}
		p.listeners = append(p.listeners, listener{string(l.Name), int32(l.Port), host})
	}
	for _, a := range gw.Status.Addresses { // G6: a missing type is IPAddress, and types unknown to us do not count
		switch {
		case a.Type == nil || *a.Type == gatewayv1.IPAddressType:
			p.skipped.address(&p.targets, a.Value)
		case *a.Type == gatewayv1.HostnameAddressType:
			p.skipped.host(&p.targets, a.Value)
		}
	}
	p.targets.sort()
	return p
}

// intersect returns the pattern of the names that match both a route's and a listener's host, an empty
// one matching all (G5). A wildcard of the Gateway API matches one or more labels (W2).
func intersect(a, b string) (string, bool) {
	if a == "" || b == "" {
		return a + b, a+b != ""
	}
	sa, wildA := names.IsWildcard(a)
	sb, wildB := names.IsWildcard(b)
	switch {
	case wildA && wildB:
		if names.Within(sa, sb) {
			return a, true
		}
		return b, names.Within(sb, sa)
	case wildA:
		return b, b != sa && names.Within(b, sa)
	case wildB:
		return a, a != sb && names.Within(a, sb)
	}
	return a, a == b
}
