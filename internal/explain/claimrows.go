package explain

import (
	"cmp"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// addDataRows adds the rows for the data of an object at a name: its targets t, and the CNAME and the records of d. If there are none, it
// adds a pending row with the reason.
func (c *census) addDataRows(k *source.ServedKind, claim statuspage.Claim, name string, d *record.Data, t *record.Targets, reason string) {
	claim.TTL, claim.Standing = d.TTL, statuspage.Answers
	at := c.claimsByName[name]
	if at == nil { // the object arrived after census.count
		at = &claimed{kind: k, addressed: len(t.Addrs) > 0}
	}
	cut := c.cutAt(name)
	isNameserver := c.IsNameserver(name)
	show := func(rrtype string, data statuspage.Data, hidden, pending string) {
		own := claim
		own.Type, own.Data = rrtype, data
		if isNameserver {
			hidden = cmp.Or(c.Nameservers.Outranks(name, rrtype), hidden)
		}
		if cut != "" && !(at.cut && rrtype == "NS" && cut == name) {
			hidden = "at or below " + cut + ", which is delegated"
		}
		if hidden != "" {
			own.Standing, own.Reason = statuspage.Hidden, hidden
		} else if pending != "" {
			own.Standing, own.Reason = statuspage.Pending, pending
		}
		c.add(own)
	}
	outranked := at.outranked(k)
	v4 := t.FirstIPv6()
	if v4 > 0 {
		show("A", (*ipv4)(t), outranked, "")
	}
	if len(t.Addrs) > v4 {
		show("AAAA", (*ipv6)(t), outranked, "")
	}
	if len(t.Addrs) == 0 {
		c.addAliasRows(name, at, t, outranked, show)
	}
	if d.CNAME != "" {
		show("CNAME", statuspage.Text(dns.Fqdn(d.CNAME)), at.cnameOutranked(k, d.CNAME), "")
	}
	if len(d.RRs) > 0 {
		show(dns.Type(d.RRs[0].Header().Rrtype).String(), c.recordData(name, d), "", "")
	}
	if !t.Usable(name) && d.CNAME == "" && len(d.RRs) == 0 {
		claim.Standing, claim.Reason, claim.TTL = statuspage.Pending, reason, 0
		c.add(claim)
	}
}

// addAliasRows adds the rows for the hostnames of an object. If a CNAME is not possible, their type is ALIAS: the answer is the addresses
// of the hostnames (C2).
func (c *census) addAliasRows(name string, at *claimed, t *record.Targets, outranked string, show func(rrtype string, data statuspage.Data, hidden, pending string)) {
	rrtype := "CNAME"
	if at.manyHosts || c.Zones.ByName[name] != nil || at.others {
		rrtype = "ALIAS"
	}
	if outranked == "" && at.addressed {
		outranked = "another object of the kind has addresses for the name"
	}
	pending := ""
	if outranked == "" && rrtype == "ALIAS" {
		pending = c.lack(t.Hosts)
	}
	if !slices.Contains(t.Hosts, name) {
		if len(t.Hosts) > 0 {
			show(rrtype, (*hostnames)(t), outranked, pending)
		}
		return
	}
	for _, host := range t.Hosts {
		if host != name {
			show(rrtype, statuspage.Text(dns.Fqdn(host)), outranked, pending)
		}
	}
}

// lack returns why a flattened name has no address from any of its hostnames, or "". For hostnames in the zones, it returns "", because
// they have rows of their own.
func (c *census) lack(hosts []string) (text string) {
	for _, host := range hosts {
		lack := ""
		if c.Zones.Match(host) == nil {
			lack = c.Upstream.WhyUnresolved(host)
		}
		if lack == "" {
			return ""
		}
		text = cmp.Or(text, lack)
	}
	return text
}

// recordData returns the records that an object has for a name, with the SRV targets that are answered.
func (c *census) recordData(name string, d *record.Data) statuspage.Data {
	if !d.ServiceSRV {
		return (*records)(d.Extra)
	}
	a := zone.Answer{RRset: zone.RRset{RRs: d.RRs}}
	c.RLock()
	defer c.RUnlock()
	if c.ResolveSRVTargets(name, &a); &a.RRs[0] == &d.RRs[0] {
		return (*records)(d.Extra)
	}
	return &records{RRs: a.RRs}
}

// cutAt returns the zone cut that a name is at or below, or "".
func (c *census) cutAt(name string) (cut string) {
	c.RLock()
	defer c.RUnlock()
	if z := c.Zones.Match(name); z != nil {
		cut, _ = c.Names.Cut(name, z.Name)
	}
	return cut
}
