package source

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// legacyClass is the annotation that named the class of an Ingress before spec.ingressClassName did.
const legacyClass = "kubernetes.io/ingress.class"

// ingressRecord files the targets of an Ingress's load balancer under the hosts of its rules (I1–I3).
func ingressRecord(b *object.Builder, ing *networkingv1.Ingress) {
	class := ingressClass(ing)
	if len(b.Filters.IngressClasses) > 0 && !slices.Contains(b.Filters.IngressClasses, class) {
		why := "its class " + wording.Quote(class) + " is not in ingressClasses"
		if class == "" {
			why = "it has no class, and ingressClasses requires one"
		}
		if b.MarkUnserved(why) {
			return
		}
	}
	d := b.DataWith(func() (t record.Targets) {
		for _, in := range ing.Status.LoadBalancer.Ingress {
			b.AddAddress(&t, in.IP)
			b.AddHost(&t, in.Hostname)
		}
		b.SettleTargets(&t)
		b.PreferHostnames(&t)
		return t
	})
	var backends ingressRules
	if b.Backends != nil {
		backends = backendsByHost(ing)
	}
	for _, rule := range ing.Spec.Rules {
		if rule.Host != "" {
			b.Claim(rule.Host, backends[rule.Host].dataWith(b, d))
		}
	}
	b.ClaimEachAnnotated(func(host string) *record.Data { return backends.backendsOf(host).dataWith(b, d) })
}

func ingressClass(ing *networkingv1.Ingress) string {
	if class := ing.Spec.IngressClassName; class != nil && *class != "" {
		return *class
	}
	return ing.Annotations[legacyClass]
}
