package explain

import "github.com/k8s-gateway/k8s_gateway/v2/internal/zone"

// Near is near.
func (e *Explainer) Near(z *zone.Zone, name string) (list, pending []string) { return e.near(z, name) }
