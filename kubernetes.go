package gateway

import "github.com/k8s-gateway/k8s_gateway/v2/internal/kube"

// namesIn returns how many names the objects of a cluster have.
func (g *Gateway) namesIn(c *kube.Cluster) (n int64) {
	for i := range g.Served {
		for _, s := range g.Served[i].Parts {
			if s.Cluster == c {
				n += s.NameCount.Load()
			}
		}
	}
	return n
}
