package record

import (
	"cmp"
	"fmt"
)

// BindingName tells the data of a binding from that of the others at its owner name.
func (d *Data) BindingName() string {
	digest := ""
	if d.Own != nil {
		digest = string(d.Own.Digest[:])
	}
	return fmt.Sprintf("%s %d %t %s", d.Gateway, d.TTL, d.Ready, digest)
}

// SameBinding reports whether two bindings at one owner name are the same.
func (d *Data) SameBinding(e *Data) bool { return d.compareBinding(e) == 0 }

// compareBinding orders the bindings at one owner name.
func (d *Data) compareBinding(e *Data) int {
	return cmp.Or(d.Gateway.Compare(e.Gateway), cmp.Compare(d.TTL, e.TTL), d.Own.Compare(e.Own), CompareBool(d.Ready, e.Ready))
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
