package explain

import (
	"cmp"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// claimed has, for one name, the data that decides which of the objects that claim it answer. The rules are those of
// internal/zone/view.go.
type claimed struct {
	kind        *source.ServedKind // the first kind that has a target for the name; nil for none
	addressed   bool               // that kind has an address
	host        string             // a hostname of that kind, from an object without an address
	manyHosts   bool               // that kind has several hostnames
	cname       *source.ServedKind // the first kind that has a CNAME for the name
	cnameTarget string             // the target of the CNAME that is answered
	others      bool               // there are records of other types than addresses
	cut         bool               // these records delegate the name
}

// count notes the claims of a kind in one cluster.
func (c *census) count(k *source.ServedKind, s *source.Part) {
	for _, rec := range s.Records.ListInBatches() {
		for _, e := range rec.Entries {
			at := c.claimsByName[e.Name]
			if at == nil {
				at = &claimed{}
				c.claimsByName[e.Name] = at
			}
			t := &e.Data.Targets
			if e.Data.Gateway != (store.Key{}) {
				t = s.Join.GatewayTargets(e.Data.Gateway)
			}
			at.others = at.others || len(e.Data.RRs) > 0
			at.cut = at.cut || e.Data.Delegates()
			if e.Data.CNAME != "" && at.cname == nil {
				at.cname, at.cnameTarget = k, e.Data.CNAME
			}
			if e.Data.CNAME != "" && at.cname == k {
				at.cnameTarget = min(at.cnameTarget, e.Data.CNAME)
			}
			if t.Usable(e.Name) {
				at.addTargets(k, t, e.Name)
			}
		}
	}
}

// addTargets notes the targets that an object of a kind has for a name.
func (at *claimed) addTargets(k *source.ServedKind, t *record.Targets, name string) {
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
