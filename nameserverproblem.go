package gateway

import (
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
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
			name := ns.in(z.Name)
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

func (g *Gateway) nameserverProblem(ns *nameserver, name string) string {
	switch in := g.Zones.Match(name); {
	case in == nil && ns.given:
		return "its addresses are not answered here, because it lies in none of the zones"
	case in == nil, ns.missing() != nil, !ns.fixed() && !g.complete(), len(resolve.InZone(g, dns.Fqdn(name))) > 0:
		return ""
	default:
		if text := g.noAddress(ns, in, name); text != "" {
			return "no address is known: " + text
		}
		return ""
	}
}

// noAddress is why a nameserver has no address, as far as that is known before a question comes.
func (g *Gateway) noAddress(ns *nameserver, in *zone.Zone, name string) string {
	if len(ns.services) > 0 {
		return ns.serviceWithoutAddress()
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
	if ns.absolute || strings.Contains(ns.name, ".") {
		return "the Corefile gives none, and no object here has one for this name"
	}
	return "the Corefile gives none, one label stands for no Service, and no object here has one for this name"
}

// serviceWithoutAddress is what is wrong with the nameserver's Service.
func (ns *nameserver) serviceWithoutAddress() string {
	text := "there is no Service " + ns.services[0].key.String()
	for _, s := range ns.services {
		switch i := s.informers[0]; {
		case i.Problem.Load() == kube.Forbidden:
			text = "no permission to read Service " + s.key.String()
		case len(s.services.List()) == 0:
		case s.services.List()[0].endpoints:
			return "Service " + s.key.String() + " has no ready endpoint"
		default:
			return "Service " + s.key.String() + " has no address"
		}
	}
	return text
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
	g.running.Go(func() {
		for _, c := range g.clusters {
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
		if i := ns.missing(); i != nil {
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
func (o ownNameservers) Outranks(name, rrtype string) string { return o.nsNames[name].outranks(rrtype) }

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
