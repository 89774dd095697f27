package resolve

import "github.com/k8s-gateway/k8s_gateway/v2/internal/zone"

// counter is a chooser that counts the targets that it was given. The additional section of a reply has the addresses of no further name
// once filters looked at zone.MaxTargets targets (N7).
type counter struct {
	zone.Chooser
	targets int
}

// counting returns a chooser that counts for one additional section, and its counter. Both are nil without a chooser.
func counting(c zone.Chooser) (zone.Chooser, *counter) {
	if c == nil {
		return nil, nil
	}
	n := &counter{Chooser: c}
	return n, n
}

// Choose implements zone.Chooser.
func (c *counter) Choose(k *zone.Kind, targets []zone.Target) ([]zone.Target, bool) {
	c.targets += len(targets)
	return c.Chooser.Choose(k, targets)
}

// spent reports whether filters looked at enough.
func (c *counter) spent() bool { return c != nil && c.targets >= zone.MaxTargets }
