package resolve

import "github.com/k8s-gateway/k8s_gateway/v2/internal/zone"

// counter is a chooser that counts the targets that it was given. Once the filters have looked at zone.MaxTargets targets, no further
// name is looked up for the additional section (N7).
type counter struct {
	zone.Chooser
	targets int
}

// counting wraps a chooser in a counter for one additional section. It returns the counter as a chooser and as itself; both are nil
// if the chooser is nil.
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

// spent reports whether the filters have looked at zone.MaxTargets targets.
func (c *counter) spent() bool { return c != nil && c.targets >= zone.MaxTargets }
