package explain

import (
	"cmp"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// claimed is what decides, at one name, which of those that claim it answer: the same as in internal/zone/view.go.
type claimed struct {
	kind      *source.Served // the first that has a target for it; nil for none
	addressed bool           // with an address
	host      string         // of the kind, without an address
	manyHosts bool           // hostnames of the kind
	cname     *source.Served // the first that has a CNAME for it
	canonical string         // the one of its CNAMEs that counts
	others    bool           // there are records of types that are not addresses
	cut       bool           // they delegate the name
}

// count takes down what a kind has in one cluster.
func (c *census) count(k *source.Served, s *source.Part) {
	for _, rec := range s.Records.ListInBatches() {
		for _, e := range rec.Entries {
			at := c.standings[e.Name]
			if at == nil {
				at = &claimed{}
				c.standings[e.Name] = at
			}
			t := &e.Data.Targets
			if e.Data.Gateway != (store.Key{}) {
				t = s.Join.GatewayTargets(e.Data.Gateway)
			}
			at.others = at.others || len(e.Data.RRs) > 0
			at.cut = at.cut || e.Data.Delegates()
			if e.Data.CNAME != "" && at.cname == nil {
				at.cname, at.canonical = k, e.Data.CNAME
			}
			if e.Data.CNAME != "" && at.cname == k {
				at.canonical = min(at.canonical, e.Data.CNAME)
			}
			if t.Usable(e.Name) {
				at.point(k, t, e.Name)
			}
		}
	}
}

// point takes down what an object of a kind points a name at.
func (at *claimed) point(k *source.Served, t *record.Targets, name string) {
	if at.kind == nil {
		at.kind = k
	}
	if at.kind != k {
		return
	}
	if len(t.Addrs) > 0 {
		at.addressed = true
		return
	}
	for _, host := range t.Hosts {
		if host != name {
			at.host = cmp.Or(at.host, host)
			at.manyHosts = at.manyHosts || host != at.host
		}
	}
}
