package gateway

import (
	"cmp"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// maxChain is how many aliases are followed, one behind the other.
const maxChain = 8

// unalias has the SRV records of a Service point at what the Service's name is an alias of, where it is one: the target of an SRV record
// is no alias (RFC 2782). The caller holds mu.
func (db *database) unalias(owner string, a *answer) {
	protocol, _ := dnsname.Parent(owner)
	name, _ := dnsname.Parent(protocol)
	target := db.unaliased(name)
	if target == name {
		return
	}
	a.rrs = slices.Clone(a.rrs)
	for i, rr := range a.rrs {
		if srv := rr.(*dns.SRV); srv.Target == dns.Fqdn(name) {
			srv = dns.Copy(srv).(*dns.SRV)
			srv.Target = dns.Fqdn(target)
			a.rrs[i] = srv
		}
	}
	a.rrs = record.SortRRs(a.rrs)
}

// unaliased returns the name that a chain of aliases in our zones leads to; that behind the first alias where the chain does not end.
func (db *database) unaliased(name string) string {
	first, last := "", name
	for range maxChain {
		z := db.zones.match(last)
		if z == nil || db.isNameserver(last) { // no alias, whatever the objects say
			return last
		}
		var a answer
		if db.lookup(z, last, dns.TypeCNAME, &a); a.result != alias { // this type gathers no addresses
			return last
		}
		last = a.target
		first = cmp.Or(first, last)
	}
	return first
}
