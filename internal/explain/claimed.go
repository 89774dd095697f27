package explain

import (
	"cmp"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// claimed is the data at one name that determines which of its objects answer. The rules are those of internal/zone/view.go.
type claimed struct {
	kind        *source.ServedKind // the first kind that has a target for the name; nil for none
	addressed   bool               // kind has an address
	host        string             // a hostname of kind, from an object without an address
	manyHosts   bool               // kind has several hostnames
	cname       *source.ServedKind // the first kind that has a CNAME for the name
	cnameTarget string             // the target of the CNAME that is answered
	others      bool               // there are records of types other than addresses and aliases
	cut         bool               // the name is a zone cut
}

// outranked returns why the addresses or hostnames of a kind are not answered, or "".
func (at *claimed) outranked(k *source.ServedKind) string {
	if at.kind != nil && at.kind != k {
		return at.kind.Name + " comes first in resources and has the name"
	}
	return ""
}

// cnameOutranked returns why a CNAME of a kind is not answered, or "".
func (at *claimed) cnameOutranked(k *source.ServedKind, target string) string {
	switch {
	case at.kind != nil:
		return at.kind.Name + " has an address or a load balancer for the name"
	case at.others:
		return "a CNAME gives way to other records of the name"
	case at.cname == nil: // the CNAME arrived after census.count
		return ""
	case at.cname != k:
		return at.cname.Name + " comes first in resources"
	case at.cnameTarget != target:
		return "the name has another CNAME, to " + dns.Fqdn(at.cnameTarget)
	}
	return ""
}

// count records the claims of a kind in one cluster.
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

// addTargets records the targets that an object of a kind has for a name.
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
