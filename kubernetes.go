package gateway

import (
	"fmt"
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

func (s *stanza) setKubeconfig(args []string) error {
	if home, rest, ok := homePath(args[0]); ok {
		return fmt.Errorf("%q begins with %s, which a Corefile does not expand: write {$HOME}%s, or the whole path", args[0], home, rest)
	}
	c := &kube.Cluster{Kubeconfig: args[0]}
	if len(args) > 1 {
		c.Context = args[1]
	}
	for _, other := range s.Clusters {
		if other.Kubeconfig == c.Kubeconfig && other.Context == c.Context {
			return fmt.Errorf("%q is given more than once", strings.Join(args, " "))
		}
	}
	s.Clusters = append(s.Clusters, c)
	return nil
}

// homePath splits a path that begins with a name of the home directory, which a shell would expand.
func homePath(path string) (home, rest string, ok bool) {
	for _, home := range []string{"~", "$HOME", "${HOME}"} {
		if rest, ok := strings.CutPrefix(path, home); ok && (rest == "" || rest[0] == '/') {
			return home, rest, true
		}
	}
	return "", "", false
}

// clustersOrInCluster returns the clusters of the property kubeconfig, or the one that CoreDNS runs in if there is none.
func (s *stanza) clustersOrInCluster() []*kube.Cluster {
	if len(s.Clusters) == 0 {
		return []*kube.Cluster{{}}
	}
	return s.Clusters
}

// clusterNames returns the names that `location` accepts: the contexts, or the full names of clusters whose context is missing or not
// unique.
func (s *stanza) clusterNames() (list []string) {
	clusters := s.clustersOrInCluster()
	for _, c := range clusters {
		if c.Context != "" && len(clustersNamed(clusters, c.Context)) == 1 {
			list = append(list, c.Context)
		} else {
			list = append(list, c.Name())
		}
	}
	return list
}

// clustersNamed returns the indices of the clusters that a name in `location` may refer to: the one with this full name, as in the log, or
// else those with a context of this name.
func clustersNamed(clusters []*kube.Cluster, name string) (found []int) {
	if n := slices.IndexFunc(clusters, func(c *kube.Cluster) bool { return c.Name() == name }); n >= 0 {
		return []int{n}
	}
	for i, c := range clusters {
		if c.Context == name {
			found = append(found, i)
		}
	}
	return found
}

// namesIn returns the number of names that the objects of a cluster claim.
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
