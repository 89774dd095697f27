package source

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// nodeRecord files the addresses of a Node that have the type of the property nodeAddressType under its host names (K1).
func nodeRecord(b *object.Builder, node *corev1.Node) {
	d := b.DataWith(func() (t record.Targets) {
		for _, a := range node.Status.Addresses {
			if a.Type == b.Filters.NodeAddressType {
				b.AddAddress(&t, a.Address)
			}
		}
		b.SettleTargets(&t)
		return t
	})
	for _, a := range node.Status.Addresses {
		if a.Type == corev1.NodeHostName {
			for _, name := range b.Expand(a.Address) {
				b.File(name, d)
			}
		}
	}
	b.ClaimAnnotated(d)
}
