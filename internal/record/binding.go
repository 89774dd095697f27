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
