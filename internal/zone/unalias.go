package zone

import (
	"cmp"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// MaxChain is how many aliases in a chain are followed.
const MaxChain = 8

// ResolveSRVTargets changes the targets of a Service's SRV records if the Service's name is an alias: the target of an SRV record must
// not be an alias (RFC 2782), so it becomes the name that the alias leads to. The caller holds RLock.
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

// endOfAliases returns the name that a chain of aliases in the zones leads to. If the chain does not end, it returns the target of
// the first alias.
func (db *Database) endOfAliases(name string) string {
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
