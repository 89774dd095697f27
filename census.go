package gateway

import (
	"cmp"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/names"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// census makes the rows of the status page: all that every object says, and what becomes of it.
type census struct {
	*Gateway
	standings map[string]*claimed
	list      []statuspage.Row
}

// claimed is what decides, at one name, which of those that claim it answer: the same as in view.go.
type claimed struct {
	kind      *kindServed // the first that has a target for it; nil for none
	addressed bool        // with an address
	host      string      // of the kind, without an address
	several   bool        // hostnames of the kind
	cname     *kindServed // the first that has a CNAME for it
	canonical string      // the one of its CNAMEs that counts
	others    bool        // there are records of types that are not addresses
	cut       bool        // they delegate the name
}

func (c *census) rows() []statuspage.Row {
	for n := range c.kinds {
		for _, s := range c.kinds[n].parts {
			c.count(&c.kinds[n], s)
		}
	}
	c.ownRows()
	for n := range c.kinds {
		k := &c.kinds[n]
		for _, s := range k.parts {
			if s.join != nil {
				c.routeRows(k, s)
			} else {
				c.recordRows(k, s)
			}
		}
	}
	for _, cl := range c.clusters {
		c.leftOutRows(cl)
		if cl.join != nil {
			c.parentRows(cl)
		}
	}
	slices.SortStableFunc(c.list, func(a, b statuspage.Row) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Object, b.Object))
	})
	return c.list
}

// count takes down what a kind has in one cluster.
func (c *census) count(k *kindServed, s *served) {
	for _, rec := range s.index.list() {
		for _, e := range rec.entries {
			at := c.standings[e.name]
			if at == nil {
				at = &claimed{}
				c.standings[e.name] = at
			}
			t := e.data.targets
			if e.data.via != (objectKey{}) {
				t = s.join.targets(e.data.via)
			}
			at.others = at.others || len(e.data.rrs) > 0
			at.cut = at.cut || e.data.cut()
			if e.data.cname != "" && at.cname == nil {
				at.cname, at.canonical = k, e.data.cname
			}
			if e.data.cname != "" && at.cname == k {
				at.canonical = min(at.canonical, e.data.cname)
			}
			if t.usable(e.name) {
				at.point(k, t, e.name)
			}
		}
	}
}

// point takes down what an object of a kind points a name at.
func (at *claimed) point(k *kindServed, t targets, name string) {
	if at.kind == nil {
		at.kind = k
	}
	if at.kind != k {
		return
	}
	if len(t.addrs) > 0 {
		at.addressed = true
		return
	}
	for _, host := range t.hosts {
		if host != name {
			at.host = cmp.Or(at.host, host)
			at.several = at.several || host != at.host
		}
	}
}

// ownRows are what the Corefile says: SOA and NS, and the addresses of the nameservers.
func (c *census) ownRows() {
	for _, z := range c.zones.all {
		for _, rr := range append([]dns.RR{c.soa(z, z.fqdn, c.ttl)}, c.nameserverRecords(z)...) {
			c.add(statuspage.Row{Name: rr.Header().Name, Type: dns.Type(rr.Header().Rrtype).String(), Data: rdata(rr), TTL: rr.Header().Ttl,
				Kind: "Corefile", Object: pluginName, Standing: statuspage.Answers})
		}
	}
}

func (c *census) add(r statuspage.Row) { c.list = append(c.list, r) }

// recordRows are those of a kind each of whose objects is one record.
func (c *census) recordRows(k *kindServed, s *served) {
	for _, rec := range s.index.list() {
		row := statuspage.Row{Kind: s.name, Namespace: rec.namespace, Object: rec.meta.name, Cluster: s.cluster.name()}
		for _, e := range rec.entries {
			row.Name = dns.Fqdn(e.name)
			c.data(k, row, e.name, e.data, e.data.targets)
		}
		c.skipped(row, rec.bad())
	}
}

// routeRows are those of a route kind, which stand in no record by themselves.
func (c *census) routeRows(k *kindServed, s *served) {
	j := s.join
	w := j.world()
	for _, r := range j.kinds {
		if r.served != s {
			continue
		}
		for _, rt := range r.index.list() {
			row := statuspage.Row{Kind: s.name, Namespace: rt.namespace, Object: rt.name, Cluster: s.cluster.name()}
			bindings := w.bindings(r, rt)
			for _, b := range bindings {
				row.Name = dns.Fqdn(b.pattern)
				t := j.targets(b.gateway)
				if b.own != nil {
					t = *b.own
				}
				pending := row
				pending.Reason = "Gateway " + b.gateway.String() + " has no address yet"
				if b.own != nil {
					pending.Reason = targetAnnotation + " points it at itself"
				}
				c.data(k, pending, b.pattern, &data{ttl: b.ttl, others: nothing}, t)
			}
			c.refusedRows(row, j, r, rt, bindings)
			c.skipped(row, rt.bad())
		}
	}
}

// refusedRows are the hosts of a route under which no listener takes it.
func (c *census) refusedRows(row statuspage.Row, j *join, r *routes, rt *route, bindings []binding) {
	row.Standing = statuspage.Refused
	for _, host := range rt.hosts {
		bound := slices.ContainsFunc(bindings, func(b binding) bool { _, ok := intersect(host, b.pattern); return ok })
		if !bound && c.zones.reach(host, names.AnyDepth) {
			row.Name, row.Reason = dns.Fqdn(host), j.refusal(r, rt)
			c.add(row)
		}
	}
	if len(rt.hosts) == 0 && len(bindings) == 0 && rt.inherit {
		row.Name, row.Reason = "", j.refusal(r, rt)
		c.add(row)
	}
}

// data adds a row for each record that data make at a name. reason is why there may be none, where the kind does not
// say it all.
func (c *census) data(k *kindServed, row statuspage.Row, name string, d *data, t targets) {
	reason := cmp.Or(row.Reason, k.unaddressed())
	row.TTL, row.Reason, row.Standing = d.ttl, "", statuspage.Answers
	at := c.standings[name]
	if at == nil { // it came just now
		at = &claimed{kind: k, addressed: len(t.addrs) > 0}
	}
	cut := c.above(name)
	show := func(rrtype, data, hidden string) {
		r := row
		r.Type, r.Data = rrtype, data
		if cut != "" && !(at.cut && rrtype == "NS" && cut == name) {
			hidden = "at or below " + cut + ", which is delegated"
		}
		if hidden != "" {
			r.Standing, r.Reason = statuspage.Hidden, hidden
		}
		c.add(r)
	}
	outranked := ""
	if at.kind != nil && at.kind != k {
		outranked = at.kind.name + " comes first in resources and has the name"
	}
	for _, a := range t.addrs {
		rrtype := "A"
		if a.Is6() {
			rrtype = "AAAA"
		}
		show(rrtype, a.String(), outranked)
	}
	if len(t.addrs) == 0 {
		c.aliases(name, at, t, outranked, show)
	}
	if d.cname != "" {
		switch {
		case at.kind != nil:
			outranked = at.kind.name + " has an address or a load balancer for the name"
		case at.others:
			outranked = "a CNAME gives way to other records of the name"
		case at.cname != k:
			outranked = at.cname.name + " comes first in resources"
		case at.canonical != d.cname:
			outranked = "the name has another CNAME, to " + dns.Fqdn(at.canonical)
		}
		show("CNAME", dns.Fqdn(d.cname), outranked)
	}
	for _, rr := range d.rrs {
		show(dns.Type(rr.Header().Rrtype).String(), rdata(rr), "")
	}
	if !t.usable(name) && d.cname == "" && len(d.rrs) == 0 {
		row.Standing, row.Reason, row.TTL = statuspage.Pending, reason, 0
		c.add(row)
	}
}

// aliases shows the hostnames of an object, which are an ALIAS, their addresses in place of a CNAME, where there cannot be one (C2).
func (c *census) aliases(name string, at *claimed, t targets, outranked string, show func(rrtype, data, hidden string)) {
	rrtype := "CNAME"
	if at.several || c.zones.byName[name] != nil || at.others {
		rrtype = "ALIAS"
	}
	if outranked == "" && at.addressed {
		outranked = "another object of the kind has addresses for the name"
	}
	for _, host := range t.hosts {
		if host != name {
			show(rrtype, dns.Fqdn(host), outranked)
		}
	}
}

// above returns the delegated name that a name lies at or below, if any.
func (c *census) above(name string) (cut string) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if z := c.zones.match(name); z != nil {
		cut, _ = c.names.Cut(name, z.name)
	}
	return cut
}

// unaddressed is why an object of the kind may have no data for a name.
func (k *kindServed) unaddressed() string {
	if slices.Contains(k.others, dns.TypeTXT) {
		return "none of its targets can be served"
	}
	return "it has no address yet"
}

func (c *census) skipped(row statuspage.Row, list skips) {
	row.Name, row.Reason, row.Standing = "", "", statuspage.Skipped
	for _, s := range list {
		row.Reason = s.text
		c.add(row)
	}
}

// parentRows are what Gateways and ListenerSets say that cannot be served.
func (c *census) parentRows(cl *cluster) {
	say := func(kind string, m meta) {
		c.skipped(statuspage.Row{Kind: kind, Namespace: m.namespace, Object: m.name, Cluster: cl.name()}, m.bad())
	}
	for _, gw := range cl.join.gateways.index.list() {
		say("Gateway", gw.meta)
	}
	for _, set := range cl.join.sets.index.list() {
		say("ListenerSet", set.meta)
	}
}

func (c *census) leftOutRows(cl *cluster) {
	for _, i := range cl.demanded() {
		for _, l := range i.left.list() {
			row := statuspage.Row{Kind: i.kind, Namespace: l.namespace, Object: l.name, Cluster: cl.name(), Standing: statuspage.LeftOut, Reason: l.reason}
			if len(l.names) == 0 {
				c.add(row)
			}
			for _, name := range l.names {
				row.Name = dns.Fqdn(name)
				c.add(row)
			}
		}
	}
}

// rdata is the data of a record in presentation format.
func rdata(rr dns.RR) string { return strings.TrimPrefix(rr.String(), rr.Header().String()) }
