package record

import "fmt"

// BindingName tells the data of a binding from that of the others at its owner name.
func (d *Data) BindingName() string {
	digest := ""
	if d.Own != nil {
		digest = string(d.Own.Digest[:])
	}
	return fmt.Sprintf("%s %d %t %s", d.Gateway, d.TTL, d.Ready, digest)
}

// SameBinding reports whether two bindings at one owner name are the same.
func (d *Data) SameBinding(e *Data) bool {
	return d.Gateway == e.Gateway && d.TTL == e.TTL && d.Ready == e.Ready && d.Own.Compare(e.Own) == 0
}
