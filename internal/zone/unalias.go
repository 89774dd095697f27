package zone

import (
	"cmp"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// MaxChain is how many aliases are followed, one behind the other.
const MaxChain = 8

// Unalias has the SRV records of a Service point at what the Service's name is an alias of, where it is one: the target of an SRV record
// is no alias (RFC 2782). The caller holds RLock.
func (db *Database) Unalias(owner string, a *Answer) {
	protocol, _ := dnsname.Parent(owner)
	name, _ := dnsname.Parent(protocol)
	target := db.unaliased(name)
	if target == name {
		return
	}
	a.RRs = slices.Clone(a.RRs)
	for i, rr := range a.RRs {
		if srv := rr.(*dns.SRV); srv.Target == dns.Fqdn(name) {
			srv = dns.Copy(srv).(*dns.SRV)
			srv.Target = dns.Fqdn(target)
			a.RRs[i] = srv
		}
	}
	a.RRs = record.SortRRs(a.RRs)
}

// unaliased returns the name that a chain of aliases in our zones leads to; that behind the first alias where the chain does not end.
func (db *Database) unaliased(name string) string {
	first, last := "", name
	for range MaxChain {
		z := db.Zones.Match(last)
		if z == nil || db.IsNameserver(last) { // no alias, whatever the objects say
			return last
		}
		var a Answer
		if db.Lookup(z, last, dns.TypeCNAME, &a); a.Result != Alias { // this type gathers no addresses
			return last
		}
		last = a.Target
		first = cmp.Or(first, last)
	}
	return first
}
