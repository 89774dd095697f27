package source

import (
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// ingressBackends is the Services behind one host of an Ingress. Nothing is known of them if there is a backend of another kind.
type ingressBackends struct {
	services []store.Key
	unknown  bool
}

// list returns the Services, or none if not all backends are Services.
func (b *ingressBackends) list() []store.Key {
	if b == nil || b.unknown {
		return nil
	}
	return b.services
}

func (b *ingressBackends) add(namespace string, backend *networkingv1.IngressBackend) {
	switch {
	case backend == nil:
	case backend.Service == nil || backend.Service.Name == "":
		b.unknown = true
	default:
		b.services = append(b.services, store.Key{Namespace: namespace, Name: backend.Service.Name})
	}
}

// ingressRules holds the Services behind each host of the rules of an Ingress, and under an empty host those behind all other names:
// the ones of the rules without a host, or else the default backend.
type ingressRules map[string]*ingressBackends

// servicesFor returns the Services behind any name: those of the rule with the name as its host, or else with the wildcard one label above it,
// or else of all other names.
func (r ingressRules) servicesFor(host string) []store.Key {
	if len(r) == 0 {
		return nil
	}
	name, err := dnsname.Hostname(host)
	if err != nil {
		return nil
	}
	b := r[name]
	if _, above, ok := strings.Cut(name, "."); b == nil && ok {
		b = r["*."+above]
	}
	if b == nil {
		b = r[""]
	}
	return b.list()
}

// backendsByHost reads the rules of an Ingress. A rule without paths leads to the default backend.
func backendsByHost(ing *networkingv1.Ingress) ingressRules {
	hosts := ingressRules{}
	for i := range ing.Spec.Rules {
		rule := &ing.Spec.Rules[i]
		b := hosts[rule.Host]
		if b == nil {
			b = &ingressBackends{}
			hosts[rule.Host] = b
		}
		if rule.HTTP == nil || len(rule.HTTP.Paths) == 0 {
			b.add(ing.Namespace, ing.Spec.DefaultBackend)
			continue
		}
		for p := range rule.HTTP.Paths {
			b.add(ing.Namespace, &rule.HTTP.Paths[p].Backend)
		}
	}
	if hosts[""] == nil {
		hosts[""] = &ingressBackends{}
		hosts[""].add(ing.Namespace, ing.Spec.DefaultBackend)
	}
	return hosts
}
