package gateway

import (
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coredns/caddy"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// overview is what the status page shows of a stanza. It takes no lock that a question waits for any longer than a
// question does: what it reads is immutable, and copied out of the indexers.
type overview struct{ *Gateway }

// State implements statuspage.Source.
func (o overview) State() statuspage.State {
	g := o.current()
	s := statuspage.State{Server: "CoreDNS-" + caddy.AppVersion, Taken: time.Now(), Ready: g.isReady()}
	for _, z := range g.Zones.All {
		s.Zones = append(s.Zones, z.FQDN)
	}
	for _, c := range g.clusters {
		s.Sources = append(s.Sources, g.sourceStates(c, s.Zones)...)
	}
	c := census{Gateway: g, standings: map[string]*claimed{}}
	s.Claims = c.claims()
	return s
}

// sourceStates returns how each kind that is watched in a cluster is, in the order of their watches.
func (g *Gateway) sourceStates(c *kube.Cluster, zones []string) (list []statuspage.Status) {
	states := map[string]kube.State{}
	var order []string
	for _, i := range c.Demanded() {
		if _, ok := states[i.Kind]; !ok {
			order = append(order, i.Kind)
		}
		states[i.Kind] = states[i.Kind].With(i.State())
	}
	claims := map[string]int64{}
	for _, k := range g.kinds {
		for _, s := range k.Parts {
			if s.Cluster == c {
				claims[k.Name] += s.Names.Load()
			}
		}
	}
	for _, kind := range order {
		k := states[kind]
		status := statuspage.Status{
			Zones: zones, Kind: kind, Cluster: c.Name(), State: stateNames[k.State], Problem: k.Problem,
			Watching: k.Watches > 0, Objects: int(k.Objects), Names: int(claims[kind]),
		}
		if heard := c.LastHeard.Load(); heard > 0 {
			status.Heard = time.Unix(0, heard)
		}
		list = append(list, status)
	}
	return list
}

// maxAnswers bounds how many records an explanation has.
const maxAnswers = 1000

// Explain implements statuspage.Source.
func (o overview) Explain(asked string) statuspage.Explanation {
	g := o.current()
	e := statuspage.Explanation{Name: asked}
	name, err := dnsname.Owner(asked)
	if err != nil {
		e.Reasons = []string{record.Quote(asked) + " " + err.Error() + "."}
		return e
	}
	e.Name = dns.Fqdn(name)
	z := g.Zones.Match(name)
	if z == nil {
		if g.Zones.InOtherStanza(name) {
			e.Reasons = []string{"Another stanza of the server block serves the zone of the name."}
			return e
		}
		for _, z := range g.Zones.All {
			e.Outside = append(e.Outside, z.FQDN)
		}
		return e
	}
	for _, earlier := range o.block[:slices.Index(o.block, o.Gateway)] {
		earlier = earlier.current()
		own := earlier.Zones.Match(name)
		if own == nil {
			continue
		}
		var a zone.Answer
		if earlier.Local(own, name, dns.TypeA, &a); !a.Unclaimed || !earlier.FallsThrough(own, e.Name) {
			e.Reasons = []string{"An earlier stanza of the server block answers for it."}
			return e
		}
	}
	e.Zone = z.FQDN
	q, said := &resolve.Query{Authority: g, Upstream: g.upstream, Offline: &resolve.Recollection{}}, map[string]bool{}
	for _, qtype := range append([]uint16{dns.TypeSOA, dns.TypeNS}, zone.AnyTypes...) {
		answers, _ := known(q, z, name, qtype)
		for _, rr := range answers.RRs {
			if len(e.Answers) == maxAnswers {
				break
			}
			if text := strings.ReplaceAll(rr.String(), "\t", " "); !said[text] {
				said[text] = true
				e.Answers = append(e.Answers, text)
			}
		}
	}
	q.Offline = &resolve.Recollection{}
	outcome, a := known(q, z, name, dns.TypeA)
	unasked := outcome.Result == zone.Unavailable && !outcome.NoUpstream && q.Offline.Unasked.Load()
	e.Result = map[zone.Result]string{zone.NameError: "NXDOMAIN", zone.Unavailable: "SERVFAIL"}[outcome.Result]
	if e.Result == "" {
		e.Result = "NOERROR"
	}
	next := a.Unclaimed && g.FallsThrough(z, e.Name)
	switch {
	case next && (name != z.Name || g.stanzaFollows(z)):
		e.Result = "" // another stanza may have it
	case next:
		e.Result = "NOERROR" // of SOA and NS
	case unasked:
		e.Result = statuspage.NotLookedUp
	}
	e.Unresolved = outcome.Dangling && g.aliasEnd(z, name).loop() != ""
	e.Reasons = g.reasons(z, name, outcome, &a, next, unasked)
	if o.before.Load() != nil {
		e.Reasons = append(e.Reasons, "Not everything is listed since the reload: this is what was known before it.")
	}
	return e
}

// stanzaFollows reports whether a later stanza of the server block has the zone as well.
func (g *Gateway) stanzaFollows(z *zone.Zone) bool {
	return slices.ContainsFunc(g.block[slices.Index(g.block, g)+1:], func(later *Gateway) bool { return later.Zones.ByName[z.Name] != nil })
}

// known returns what a question comes to as far as it is known here, and what our own data say to it.
func known(q *resolve.Query, z *zone.Zone, name string, qtype uint16) (resolve.Outcome, zone.Answer) {
	q.Names = new(atomic.Int32)
	var a zone.Answer
	q.Local(z, name, qtype, &a)
	return q.Follow(z, dns.Fqdn(name), &resolve.Path{Name: name}, qtype, a), a
}
