package gateway

import (
	"maps"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// ownRows adds what the stanza answers without an object: SOA and NS of its zones, and the addresses of their nameservers. Zones
// below these have rows of their own, and what an earlier stanza of the server block answers has its rows there.
func (c *census) ownRows() {
	corefile := &statuspage.Object{Kind: "Corefile", Name: pluginName}
	add := func(rrs []dns.RR) {
		for _, rr := range rrs {
			c.add(statuspage.Claim{Name: rr.Header().Name, Type: dns.Type(rr.Header().Rrtype).String(), Data: statuspage.Text(rdata(rr)), TTL: rr.Header().Ttl,
				Object: corefile, Standing: statuspage.Answers})
		}
	}
	earlier := c.block[:max(0, slices.Index(c.block, c.Gateway))]
	for _, z := range c.Zones.All {
		if slices.ContainsFunc(earlier, func(g *Gateway) bool { return g.Zones.ByName[z.Name] != nil }) {
			continue
		}
		for _, qtype := range []uint16{dns.TypeSOA, dns.TypeNS} {
			var a zone.Answer
			c.apex(z, qtype, &a)
			add(a.Records(z.FQDN))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.nsNames)) {
		if c.nsNames[name].fixed() && !slices.ContainsFunc(earlier, func(g *Gateway) bool { return g.nsNames[name] != nil }) {
			add(resolve.InZone(c.Gateway, dns.Fqdn(name)))
		}
	}
	for _, p := range c.nameserverProblems() {
		c.add(statuspage.Claim{Name: dns.Fqdn(p.name), Object: corefile, Standing: statuspage.Pending, Reason: "nameserver: " + p.text})
	}
}

// outranks returns why an object's records of a type do not answer at the nameserver's name (Z4), or "".
func (ns *nameserver) outranks(rrtype string) string {
	switch {
	case ns.given && (rrtype == "A" || rrtype == "AAAA" || rrtype == "ALIAS"):
		return "the name is a nameserver's, whose addresses the Corefile gives"
	case ns.fixed() && (rrtype == "A" || rrtype == "AAAA" || rrtype == "ALIAS"):
		return "the name is a nameserver's, whose addresses Service " + ns.services[0].key.String() + " gives"
	case rrtype == "CNAME":
		return "the name is a nameserver's, which must not be an alias (RFC 2181 section 10.3)"
	}
	return ""
}
