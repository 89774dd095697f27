package explain

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/gatewayapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// census lists what every object claims, and what becomes of it, for the status page.
type census struct {
	*Explainer
	standings map[string]*claimed
	list      []statuspage.Claim
}

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

// Claims returns a row for everything that an object claims, after those that the stanza has by itself.
func (g *Explainer) Claims(own []statuspage.Claim) []statuspage.Claim {
	c := census{Explainer: g, standings: map[string]*claimed{}}
	for n := range c.Kinds {
		for _, s := range c.Kinds[n].Parts {
			c.count(&c.Kinds[n], s)
		}
	}
	c.list = append(make([]statuspage.Claim, 0, len(own)+len(c.standings)), own...)
	for n := range c.Kinds {
		k := &c.Kinds[n]
		for _, s := range k.Parts {
			if s.Join != nil {
				c.routeRows(k, s)
			} else {
				c.recordRows(k, s)
			}
		}
	}
	for _, cl := range c.Clusters {
		c.leftOutRows(cl)
		if c.Sources.JoinOf(cl) != nil {
			c.parentRows(cl)
		}
	}
	return c.list
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

func (c *census) add(claim statuspage.Claim) { c.list = append(c.list, claim) }

// statusObject returns what the claims of an object come from.
func statusObject(m record.Meta, kind string, c *kube.Cluster) *statuspage.Object {
	return &statuspage.Object{Kind: kind, Namespace: m.Namespace, Name: m.Name, Cluster: c.Name()}
}

// recordRows are those of a kind each of whose objects is one record.
func (c *census) recordRows(k *source.Served, s *source.Part) {
	for _, rec := range s.Records.ListInBatches() {
		if rec.IsEarlier() {
			continue
		}
		claim := statuspage.Claim{Object: statusObject(rec.Meta, s.Name, s.Cluster)}
		pending := cmp.Or(rec.BadTarget(), unaddressed(k))
		for _, e := range rec.Entries {
			claim.Name = dns.Fqdn(e.Name)
			c.data(k, claim, e.Name, e.Data, &e.Data.Targets, pending)
		}
		c.skipped(claim.Object, rec.SkippedValues())
	}
}

// routeRows are those of a route kind, which stand in no record by themselves.
func (c *census) routeRows(k *source.Served, s *source.Part) {
	j := s.Join
	w := j.Current()
	for _, r := range j.Kinds {
		if r.Bindings != s.Index {
			continue
		}
		for _, rt := range r.Index.ListInBatches() {
			if rt.IsEarlier() {
				continue
			}
			claim := statuspage.Claim{Object: statusObject(rt.Meta, s.Name, s.Cluster)}
			bindings, over := w.Bindings(r, rt)
			d := &record.Data{TTL: rt.TTL, Extra: record.NoExtra}
			var gateway store.Key
			var via *record.Targets // of the gateway
			var pending string
			for i, b := range bindings {
				switch {
				case b.Own != nil:
					via, pending = &b.Own.Targets, object.TargetAnnotation+" points it at itself"
				case i == 0 || b.Gateway != gateway:
					gateway, via, pending = b.Gateway, j.GatewayTargets(b.Gateway), "Gateway "+b.Gateway.String()+" has no address yet"
				}
				claim.Name = dns.Fqdn(b.Pattern)
				c.data(k, claim, b.Pattern, d, via, pending)
			}
			c.refusedRows(claim, j, r, rt, bindings)
			c.skipped(claim.Object, rt.SkippedValues())
			c.skipped(claim.Object, over)
		}
	}
}

// refusedRows are the hosts of a route under which no listener takes it.
func (c *census) refusedRows(claim statuspage.Claim, j *gatewayapi.Join, r *gatewayapi.Routes, rt *gatewayapi.Route, bindings []gatewayapi.Binding) {
	claim.Standing = statuspage.Refused
	refuse := func(name string) {
		if claim.Reason == "" {
			claim.Reason = j.Refusal(r, rt, maxReasons)
		}
		claim.Name = name
		c.add(claim)
	}
	bound := newHostSet(bindings)
	for _, host := range rt.Hosts {
		switch {
		case c.Zones.Excluded.Has(host):
			out := claim
			out.Name, out.Reason, out.Standing = dns.Fqdn(host), object.ExcludedReason, statuspage.LeftOut
			c.add(out)
		case !bound.meets(host) && c.Zones.Reach(host, dnsname.AnyDepth):
			refuse(dns.Fqdn(host))
		}
	}
	if len(rt.Hosts) == 0 && len(bindings) == 0 && rt.Inherit {
		refuse("")
	}
}

// data adds what data claim for a name: the targets t, and the rest of d. reason is why there may be none.
func (c *census) data(k *source.Served, claim statuspage.Claim, name string, d *record.Data, t *record.Targets, reason string) {
	claim.TTL, claim.Standing = d.TTL, statuspage.Answers
	at := c.standings[name]
	if at == nil { // it came just now
		at = &claimed{kind: k, addressed: len(t.Addrs) > 0}
	}
	cut := c.above(name)
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
	outranked := ""
	if at.kind != nil && at.kind != k {
		outranked = at.kind.Name + " comes first in resources and has the name"
	}
	v4 := t.FirstIPv6()
	if v4 > 0 {
		show("A", (*ipv4)(t), outranked, "")
	}
	if len(t.Addrs) > v4 {
		show("AAAA", (*ipv6)(t), outranked, "")
	}
	if len(t.Addrs) == 0 {
		c.aliases(name, at, t, outranked, show)
	}
	if d.CNAME != "" {
		switch {
		case at.kind != nil:
			outranked = at.kind.Name + " has an address or a load balancer for the name"
		case at.others:
			outranked = "a CNAME gives way to other records of the name"
		case at.cname != k:
			outranked = at.cname.Name + " comes first in resources"
		case at.canonical != d.CNAME:
			outranked = "the name has another CNAME, to " + dns.Fqdn(at.canonical)
		}
		show("CNAME", statuspage.Text(dns.Fqdn(d.CNAME)), outranked, "")
	}
	if len(d.RRs) > 0 {
		show(dns.Type(d.RRs[0].Header().Rrtype).String(), c.recordData(name, d), "", "")
	}
	if !t.Usable(name) && d.CNAME == "" && len(d.RRs) == 0 {
		claim.Standing, claim.Reason, claim.TTL = statuspage.Pending, reason, 0
		c.add(claim)
	}
}

// aliases shows the hostnames of an object, which are an ALIAS, their addresses in place of a CNAME, where there cannot be one (C2).
func (c *census) aliases(name string, at *claimed, t *record.Targets, outranked string, show func(rrtype string, data statuspage.Data, hidden, pending string)) {
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

// lack returns why a name that is flattened has no address of its hostnames, or "". Hostnames in the zones have rows of their own.
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

// recordData returns the records that an object has for a name, with the targets that they are answered with.
func (c *census) recordData(name string, d *record.Data) statuspage.Data {
	if !d.Ports {
		return (*records)(d.Extra)
	}
	a := zone.Answer{RRset: zone.RRset{RRs: d.RRs}}
	c.RLock()
	defer c.RUnlock()
	if c.Unalias(name, &a); &a.RRs[0] == &d.RRs[0] {
		return (*records)(d.Extra)
	}
	return &records{RRs: a.RRs}
}

// above returns the delegated name that a name lies at or below, if any.
func (c *census) above(name string) (cut string) {
	c.RLock()
	defer c.RUnlock()
	if z := c.Zones.Match(name); z != nil {
		cut, _ = c.Names.Cut(name, z.Name)
	}
	return cut
}

// hasOwnTargets reports whether a user writes the targets of the kind, as those of a DNSEndpoint.
func hasOwnTargets(k *source.Served) bool { return slices.Contains(k.Others, dns.TypeTXT) }

// unaddressed is why an object of the kind may have no data for a name.
func unaddressed(k *source.Served) string {
	if hasOwnTargets(k) {
		return "none of its targets can be served"
	}
	return "it has no address yet"
}

func (c *census) skipped(object *statuspage.Object, list record.Skips) {
	for _, s := range list.Values() {
		claim := statuspage.Claim{Object: object, Standing: statuspage.Skipped, Reason: s.Cause()}
		if s.Owner != "" {
			claim.Name = dns.Fqdn(s.Owner)
		}
		c.add(claim)
	}
	for _, more := range list.More() {
		c.add(statuspage.Claim{Object: object, Standing: statuspage.Skipped, Reason: fmt.Sprintf("%s: %d more values cannot be served", more.Reason, more.Count)})
	}
}

// parentRows are what Gateways and ListenerSets say that cannot be served.
func (c *census) parentRows(cl *kube.Cluster) {
	say := func(kind string, m record.Meta) {
		if bad := m.SkippedValues(); bad.AnySkipped() {
			c.skipped(statusObject(m, kind, cl), bad)
		}
	}
	for _, gw := range c.Sources.JoinOf(cl).Gateways.Index.ListInBatches() {
		say("Gateway", gw.Meta)
	}
	for _, set := range c.Sources.JoinOf(cl).Sets.Index.ListInBatches() {
		say("ListenerSet", set.Meta)
	}
}

func (c *census) leftOutRows(cl *kube.Cluster) {
	for _, i := range cl.Demanded() {
		for _, l := range i.LeftOut.List() {
			claim := statuspage.Claim{Object: statusObject(l.Meta, i.Kind, cl), Standing: statuspage.LeftOut, Reason: l.Reason}
			if len(l.Names) == 0 {
				c.add(claim)
			}
			for _, name := range l.Names {
				claim.Name = dns.Fqdn(name)
				c.add(claim)
			}
		}
	}
}
