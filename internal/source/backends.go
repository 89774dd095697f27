package source

import (
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// ingressBackends are the backends of one host of an Ingress.
type ingressBackends struct {
	services []store.Key
	others   bool         // there is a backend that is not a Service, so the readiness of the host cannot be known
	data     *record.Data // of the names with these backends; nil until dataWith computes it
}

// list returns the Services, or nil if not all backends are Services.
func (b *ingressBackends) list() []store.Key {
	if b.others {
		return nil
	}
	return b.services
}

// dataWith returns the data of the names with these backends. It computes them once, because thousands of names or rules may share
// thousands of backends (N7).
func (b *ingressBackends) dataWith(builder *object.Builder, d *record.Data) *record.Data {
	if b == nil {
		return d
	}
	if b.data == nil {
		b.data = builder.WithBackends(d, b.list())
	}
	return b.data
}

func (b *ingressBackends) add(namespace string, backend *networkingv1.IngressBackend) {
	switch {
	case backend == nil:
	case backend.Service == nil || backend.Service.Name == "":
		b.others = true
	default:
		b.services = append(b.services, store.Key{Namespace: namespace, Name: backend.Service.Name})
	}
}

// ingressRules holds the backends of an Ingress by the host of its rules. Those for all other names, from the rules without a host or
// else the default backend, are under the empty string.
type ingressRules map[string]*ingressBackends

// backendsOf returns the backends of a name, or nil if they are not known. The rule with the name as its host decides, else that with the
// wildcard in place of its first label, else the rule for all other names.
func (r ingressRules) backendsOf(host string) *ingressBackends {
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
	return b
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
