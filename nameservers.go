package gateway

import (
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/nameserver"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// nameserverProblem is why clients cannot find a nameserver by the name that it has in a zone.
type nameserverProblem struct {
	name string // canonical
	text string
}

// nameserverProblems returns the nameservers' names without an address, and addresses in the Corefile that no zone here can answer
// with. What is not listed yet is no problem.
func (g *Gateway) nameserverProblems() (list []nameserverProblem) {
	for _, ns := range g.nameservers {
		var seen []string
		for _, z := range g.Zones.All {
			name := ns.In(z.Name)
			if slices.Contains(seen, name) {
				continue
			}
			seen = append(seen, name)
			if text := g.nameserverProblem(ns, name); text != "" {
				list = append(list, nameserverProblem{name, text})
			}
		}
	}
	return list
}

func (g *Gateway) nameserverProblem(ns *nameserver.Server, name string) string {
	switch in := g.Zones.Match(name); {
	case in == nil && ns.Given:
		return "its addresses are not answered here, because it lies in none of the zones"
	case in == nil, ns.Missing() != nil, !ns.Fixed() && !g.complete(), len(resolve.InZone(g, dns.Fqdn(name))) > 0:
		return ""
	default:
		if text := g.noAddress(ns, in, name); text != "" {
			return "no address is known: " + text
		}
		return ""
	}
}

// noAddress is why a nameserver has no address, as far as that is known before a question comes.
func (g *Gateway) noAddress(ns *nameserver.Server, in *zone.Zone, name string) string {
	if len(ns.Watches) > 0 {
		return ns.WithoutAddress()
	}
	var a zone.Answer
	g.RLock()
	g.Lookup(in, name, dns.TypeA, &a)
	g.RUnlock()
	switch a.Result {
	case zone.Flatten: // hostnames are resolved for a question
		return ""
	case zone.Alias:
		return "it is an alias, which a nameserver's name must not be (RFC 2181 section 10.3)"
	}
	if ns.Absolute || strings.Contains(ns.Name, ".") {
		return "the Corefile gives none, and no object here has one for this name"
	}
	return "the Corefile gives none, one label stands for no Service, and no object here has one for this name"
}

// reportNameservers logs each problem once, when everything is known that bears on it.
func (g *Gateway) reportNameservers() {
	reported := map[nameserverProblem]bool{}
	report := func() {
		for _, p := range g.nameserverProblems() {
			if !reported[p] {
				log.Warningf("nameserver %s: %s", dns.Fqdn(p.name), p.text)
			}
			reported[p] = true
		}
	}
	report()
	if g.allKnown() {
		return
	}
	g.Background.Go(func() {
		for _, c := range g.Clusters {
			c.Await(g.ctx.Done())
		}
		if g.ctx.Err() == nil {
			report()
		}
	})
}

// ownNameservers lets explanations see the nameservers of a stanza.
type ownNameservers struct{ *Gateway }

// Awaited implements Nameservers.
func (o ownNameservers) Awaited(name string) string {
	if ns := o.nsNames[name]; ns != nil {
		if i := ns.Missing(); i != nil {
			return i.Title
		}
	}
	return ""
}

// Problem implements Nameservers.
func (o ownNameservers) Problem(name string) string {
	return o.nameserverProblem(o.nsNames[name], name)
}

// Outranks implements Nameservers.
func (o ownNameservers) Outranks(name, rrtype string) string { return o.nsNames[name].Outranks(rrtype) }
