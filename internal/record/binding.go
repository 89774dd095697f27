package record

import (
	"cmp"
	"fmt"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// BindingName returns a text that no other binding at the same owner name has.
func (d *Data) BindingName() string {
	digest := ""
	if d.Own != nil {
		digest = string(d.Own.Digest[:])
	}
	name := fmt.Sprintf("%s %d %t %s", d.Gateway, d.TTL, d.HasTarget, digest)
	if d.Route != (store.Key{}) {
		name = fmt.Sprintf("%s %s %s", d.Route, name, d.Steering.key())
	}
	return name
}

// SameBinding reports whether two bindings at one owner name are the same.
func (d *Data) SameBinding(e *Data) bool { return d.compareBinding(e) == 0 }

// compareBinding orders the bindings at one owner name.
func (d *Data) compareBinding(e *Data) int {
	if c := cmp.Or(d.Route.Compare(e.Route), d.Gateway.Compare(e.Gateway), cmp.Compare(d.TTL, e.TTL), d.Own.Compare(e.Own), CompareBool(d.HasTarget, e.HasTarget)); c != 0 {
		return c
	}
	return d.Steering.Compare(e.Steering)
}

// CompareBool orders false before true.
func CompareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
