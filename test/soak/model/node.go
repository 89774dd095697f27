package model

import corev1 "k8s.io/api/core/v1"

// nodes claims the host names of Nodes (K1).
func (w *World) nodes() {
	wanted := corev1.NodeInternalIP
	if w.NodeAddressExternal {
		wanted = corev1.NodeExternalIP
	}
	for _, node := range w.Nodes {
		if !w.counts(&node.ObjectMeta) {
			continue
		}
		a := w.annotations("Node", &node.ObjectMeta)
		c := Claim{Kind: "Node", From: []Ref{ref("Node", &node.ObjectMeta)}, TTL: a.ttl, stated: w.stated(&node.ObjectMeta)}
		names := a.names
		for _, na := range node.Status.Addresses {
			switch na.Type {
			case wanted:
				c.Addresses, _ = target(c.Addresses, nil, na.Address, "")
			case corev1.NodeHostName:
				names = append(names, w.relative(na.Address)...)
			}
		}
		c.Addresses, c.Hosts = a.or(c.Addresses, nil)
		for _, name := range names {
			c.Name = name
			w.claim(c)
		}
	}
}
