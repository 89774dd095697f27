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
)

// census collects the claims of the status page: everything that objects claim, with its standing.
type census struct {
	*Explainer
	claimsByName map[string]*claimed
	list         []statuspage.Claim
}

// Claims returns the stanza's own claims, and then those of all objects.
func (e *Explainer) Claims(own []statuspage.Claim) []statuspage.Claim {
	c := census{Explainer: e, claimsByName: map[string]*claimed{}}
	for n := range c.Kinds {
		for _, s := range c.Kinds[n].Parts {
			c.count(&c.Kinds[n], s)
		}
	}
	c.list = append(make([]statuspage.Claim, 0, len(own)+len(c.claimsByName)), own...)
	for n := range c.Kinds {
		k := &c.Kinds[n]
		for _, s := range k.Parts {
			if s.Join != nil {
				c.routeRows(k, s)
			} else {
				c.addRecordRows(k, s)
			}
		}
	}
	for _, cl := range c.Clusters {
		c.addUnservedRows(cl)
		if c.Sources.JoinOf(cl) != nil {
			c.parentRows(cl)
		}
	}
	return c.list
}

func (c *census) add(claim statuspage.Claim) { c.list = append(c.list, claim) }

// statusObject returns an object in the form of the status page.
func statusObject(m record.Meta, kind string, c *kube.Cluster) *statuspage.Object {
	return &statuspage.Object{Kind: kind, Namespace: m.Namespace, Name: m.Name, Cluster: c.Name()}
}

// addRecordRows adds the rows of a kind whose objects each have one record.
func (c *census) addRecordRows(k *source.ServedKind, s *source.Part) {
	for _, rec := range s.Records.ListInBatches() {
		if rec.IsEarlier() {
			continue
		}
		claim := statuspage.Claim{Object: statusObject(rec.Meta, s.Name, s.Cluster)}
		pending := cmp.Or(rec.BadTarget(), unaddressed(k))
		for _, e := range rec.Entries {
			claim.Name = dns.Fqdn(e.Name)
			c.addDataRows(k, claim, e.Name, e.Data, &e.Data.Targets, pending)
		}
		c.addSkippedRows(claim.Object, rec.SkippedValues())
	}
}

// routeRows adds the rows of a route kind, whose objects have no records of their own.
func (c *census) routeRows(k *source.ServedKind, s *source.Part) {
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
			var via *record.Targets // the targets of the Gateway
			var pending string
			for i, b := range bindings {
				switch {
				case b.Own != nil:
					via, pending = &b.Own.Targets, object.TargetAnnotation+" points it at itself"
				case i == 0 || b.Gateway != gateway:
					gateway, via, pending = b.Gateway, j.GatewayTargets(b.Gateway), "Gateway "+b.Gateway.String()+" has no address yet"
				}
				claim.Name = dns.Fqdn(b.Pattern)
				c.addDataRows(k, claim, b.Pattern, d, via, pending)
			}
			c.refusedRows(claim, j, r, rt, bindings)
			c.addSkippedRows(claim.Object, rt.SkippedValues())
			c.addSkippedRows(claim.Object, over)
		}
	}
}

// refusedRows adds the rows for the hosts of a route that no listener admits.
func (c *census) refusedRows(claim statuspage.Claim, j *gatewayapi.Join, r *gatewayapi.Routes, rt *gatewayapi.Route, bindings []gatewayapi.Binding) {
	claim.Standing = statuspage.Refused
	refuse := func(name string) {
		if claim.Reason == "" {
			claim.Reason = j.Refusal(r, rt, maxReasons)
		}
		claim.Name = name
		c.add(claim)
	}
	bound := newPatternSet(bindings)
	for _, host := range rt.Hosts {
		switch {
		case c.Zones.Excluded.Has(host):
			excluded := claim
			excluded.Name, excluded.Reason, excluded.Standing = dns.Fqdn(host), object.ExcludedReason, statuspage.LeftOut
			c.add(excluded)
		case !bound.overlaps(host) && c.Zones.CanServe(host, dnsname.AnyDepth):
			refuse(dns.Fqdn(host))
		}
	}
	if len(rt.Hosts) == 0 && len(bindings) == 0 && rt.Inherit {
		refuse("")
	}
}

// hasOwnTargets reports whether the objects of the kind contain their targets, as those of DNSEndpoint do.
func hasOwnTargets(k *source.ServedKind) bool { return slices.Contains(k.Others, dns.TypeTXT) }

// unaddressed returns the reason why an object of the kind has no data for a name.
func unaddressed(k *source.ServedKind) string {
	if hasOwnTargets(k) {
		return "none of its targets can be served"
	}
	return "it has no address yet"
}

// addSkippedRows adds a row for each value of an object that cannot be served.
func (c *census) addSkippedRows(object *statuspage.Object, list record.Skips) {
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

// parentRows adds the values of Gateways and ListenerSets that cannot be served.
func (c *census) parentRows(cl *kube.Cluster) {
	add := func(kind string, m record.Meta) {
		if bad := m.SkippedValues(); bad.AnySkipped() {
			c.addSkippedRows(statusObject(m, kind, cl), bad)
		}
	}
	for _, gw := range c.Sources.JoinOf(cl).Gateways.Index.ListInBatches() {
		add("Gateway", gw.Meta)
	}
	for _, set := range c.Sources.JoinOf(cl).Sets.Index.ListInBatches() {
		add("ListenerSet", set.Meta)
	}
}

// addUnservedRows adds the rows of objects that are not served.
func (c *census) addUnservedRows(cl *kube.Cluster) {
	for _, i := range cl.Demanded() {
		for _, l := range i.Unserved.List() {
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
