package gateway

import (
	"maps"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/explain"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// ownClaims returns rows for what the stanza answers without an object: SOA and NS of its zones, and the addresses of their nameservers. Zones
// below these have rows of their own, and what an earlier stanza of the server block answers has its rows there.
func (g *Gateway) ownClaims() (list []statuspage.Claim) {
	corefile := &statuspage.Object{Kind: "Corefile", Name: pluginName}
	add := func(rrs []dns.RR) {
		for _, rr := range rrs {
			list = append(list, statuspage.Claim{Name: rr.Header().Name, Type: dns.Type(rr.Header().Rrtype).String(), Data: statuspage.Text(explain.RDATA(rr)), TTL: rr.Header().Ttl,
				Object: corefile, Standing: statuspage.Answers})
		}
	}
	earlier := g.block[:max(0, slices.Index(g.block, g))]
	for _, z := range g.Zones.All {
		if slices.ContainsFunc(earlier, func(e *Gateway) bool { return e.Zones.ByName[z.Name] != nil }) {
			continue
		}
		for _, qtype := range []uint16{dns.TypeSOA, dns.TypeNS} {
			var a zone.Answer
			g.apex(z, qtype, &a)
			add(a.Records(z.FQDN))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(g.nsNames)) {
		if g.nsNames[name].fixed() && !slices.ContainsFunc(earlier, func(e *Gateway) bool { return e.nsNames[name] != nil }) {
			add(resolve.InZone(g, dns.Fqdn(name)))
		}
	}
	for _, p := range g.nameserverProblems() {
		list = append(list, statuspage.Claim{Name: dns.Fqdn(p.name), Object: corefile, Standing: statuspage.Pending, Reason: "nameserver: " + p.text})
	}
	return list
}
