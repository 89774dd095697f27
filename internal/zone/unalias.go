package zone

import (
	"cmp"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// MaxChain limits how many aliases of a chain are followed.
const MaxChain = 8

// ResolveSRVTargets changes the target of a Service's SRV records if the Service's name is an alias. The target of an SRV record must
// not be an alias (RFC 2782), so it becomes the name at the end of the chain. owner is the owner name of the SRV records. The caller
// holds RLock.
func (db *Database) ResolveSRVTargets(owner string, a *Answer) {
	protocol, _ := dnsname.Parent(owner)
	name, _ := dnsname.Parent(protocol)
	target := db.endOfAliases(name)
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

// endOfAliases returns the name at the end of a chain of aliases in the zones. If the chain is too long or a loop, it returns the
// target of the first alias.
func (db *Database) endOfAliases(name string) string {
	first, last := "", name
	for range MaxChain {
		z := db.Zones.Match(last)
		if z == nil || db.IsNameserver(last) { // no object can make it an alias
			return last
		}
		var a Answer
		if db.Lookup(z, last, dns.TypeCNAME, &a); a.Result != Alias { // for CNAME, a lookup collects no addresses
			return last
		}
		last = a.Target
		first = cmp.Or(first, last)
	}
	return first
}
