package gateway

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/explain"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Overview is what the status page shows of a stanza. It holds the locks that queries wait for no longer than a query does: records are
// immutable, and the indexes are read in batches.
type Overview struct{ *Gateway }

// State implements statuspage.Source.
func (o Overview) State() statuspage.State {
	g := o.current()
	s := statuspage.State{Server: "CoreDNS-" + caddy.AppVersion, Taken: time.Now(), Ready: g.isReady()}
	for _, z := range g.Zones.All {
		s.Zones = append(s.Zones, z.FQDN)
	}
	for _, c := range g.Clusters {
		s.Sources = append(s.Sources, g.Explainer.SourceStates(c, s.Zones)...)
	}
	s.Steers = g.chain != nil
	s.Claims = g.Explainer.Claims(g.ownClaims())
	return s
}

// maxAnswers is the maximum number of records in an explanation.
const maxAnswers = 1000

// Explain implements statuspage.Source.
func (o Overview) Explain(asked string) statuspage.Explanation {
	return o.ExplainFor(asked, netip.Prefix{})
}

// ExplainFor implements statuspage.ClientSource.
func (o Overview) ExplainFor(asked string, client netip.Prefix) statuspage.Explanation {
	g := o.current()
	e := statuspage.Explanation{Name: asked}
	name, err := dnsname.Owner(asked)
	if err != nil {
		e.Reasons = []string{wording.Quote(asked) + " " + err.Error() + "."}
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
		who := earlier.simulate(client)
		earlier.Local(who.chooser(), own, name, dns.TypeA, &a)
		if who.end(); !a.Unclaimed || !earlier.FallsThrough(own, e.Name) {
			e.Reasons = []string{"An earlier stanza of the server block answers for it."}
			return e
		}
	}
	e.Zone = z.FQDN
	who := g.simulate(client)
	defer who.end()
	q, said := &resolve.Query{Authority: g, Chooser: who.chooser(), Upstream: g.Upstream, Offline: &resolve.CacheOnly{}}, map[string]bool{}
	for _, qtype := range append([]uint16{dns.TypeSOA, dns.TypeNS}, zone.AnyTypes...) {
		answers, _ := lookupCached(q, z, name, qtype)
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
	q.Offline = &resolve.CacheOnly{}
	who.trace()
	outcome, a := lookupCached(q, z, name, dns.TypeA)
	unasked := outcome.Result == zone.Unavailable && !outcome.NoUpstream && q.Offline.Missed.Load()
	e.Result = map[zone.Result]string{zone.NameError: "NXDOMAIN", zone.Unavailable: "SERVFAIL"}[outcome.Result]
	if e.Result == "" {
		e.Result = "NOERROR"
	}
	next := a.Unclaimed && g.FallsThrough(z, e.Name)
	switch {
	case next && (name != z.Name || g.stanzaFollows(z)):
		e.Result = "" // another stanza may have the name
	case next:
		e.Result = "NOERROR" // for SOA and NS
	case unasked:
		e.Result = statuspage.NotLookedUp
	}
	e.Unresolved = outcome.Dangling && g.Explainer.Loops(z, name)
	e.Reasons = append(g.Explainer.Sentences(z, name, outcome, &a, next, unasked), who.reasons(&a)...)
	if o.predecessor.Load() != nil {
		e.Reasons = append(e.Reasons, "Not everything is listed since the reload: this is what was known before it.")
	}
	return e
}

// stanzaFollows reports whether a later stanza of the server block has the zone as well.
func (g *Gateway) stanzaFollows(z *zone.Zone) bool {
	return slices.ContainsFunc(g.block[slices.Index(g.block, g)+1:], func(later *Gateway) bool { return later.Zones.ByName[z.Name] != nil })
}

// lookupCached returns the outcome of a question, with names outside the zones from the cache only, and the answer of our own data before
// aliases are followed.
func lookupCached(q *resolve.Query, z *zone.Zone, name string, qtype uint16) (resolve.Outcome, zone.Answer) {
	q.Progress = new(resolve.Progress)
	var a zone.Answer
	q.Local(q.Chooser, z, name, qtype, &a)
	return q.Follow(z, dns.Fqdn(name), &resolve.Path{Name: name}, qtype, a), a
}

// ownClaims returns the rows for records that come from the Corefile and not from an object: SOA and NS of the zones, and the addresses of
// the nameservers. It leaves out zones and nameservers for which an earlier stanza of the server block answers.
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
		if g.nsNames[name].HasOwnAddrs() && !slices.ContainsFunc(earlier, func(e *Gateway) bool { return e.nsNames[name] != nil }) {
			add(resolve.AddressRecords(g, dns.Fqdn(name)))
		}
	}
	for _, p := range g.nameserverProblems() {
		list = append(list, statuspage.Claim{Name: dns.Fqdn(p.name), Object: corefile, Standing: statuspage.Pending, Reason: "nameserver: " + p.text})
	}
	return list
}

// listen serves the status pages of the stanzas. Stanzas with the same address share a page.
func (i *instance) listen() error {
	pages := map[string]statuspage.Sources{}
	var addresses []string
	for _, g := range i.gateways() {
		if g.status == "" {
			continue
		}
		if pages[g.status] == nil {
			addresses = append(addresses, g.status)
		}
		pages[g.status] = append(pages[g.status], Overview{g})
	}
	predecessor := running.predecessor(i)
	for _, address := range addresses {
		if i.ctx.Err() != nil {
			return nil
		}
		if server := i.serverAt(address); server != "" {
			return fmt.Errorf("%s: property status: the DNS server of the block %s listens on %s, too: use another port", pluginName, server, address)
		}
		page := statuspage.New(pages[address], log.Errorf)
		if err := page.Listen(address, predecessor.page(address)); errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("%s: property status: %w: stop what listens there, or use another port", pluginName, err)
		} else if err != nil {
			return fmt.Errorf("%s: property status: %w", pluginName, err)
		}
		if i.pages == nil {
			i.pages = map[string]*statuspage.Server{}
		}
		i.pages[address] = page
		log.Infof("status page at http://%s/", page.Addr())
	}
	return nil
}

// page returns the status page at an address of a Corefile, or nil.
func (i *instance) page(address string) *statuspage.Server {
	if i == nil {
		return nil
	}
	return i.pages[address]
}

// serverAt returns the server block whose DNS server listens on a TCP address, or "".
func (i *instance) serverAt(address string) string {
	at, err := netip.ParseAddrPort(address)
	if err != nil || at.Port() == 0 {
		return ""
	}
	for _, b := range i.blocks {
		switch b.config.Transport {
		case transport.QUIC, transport.HTTPS3: // over UDP only
			continue
		}
		for _, host := range b.config.ListenHosts {
			ip, err := netip.ParseAddr(host)
			everywhere := err != nil || ip.IsUnspecified() || at.Addr().IsUnspecified()
			if _, port, _ := net.SplitHostPort(address); port == b.config.Port && (everywhere || ip == at.Addr()) {
				return shown(canonicalZone(b.config.Zone)) + ":" + port
			}
		}
	}
	return ""
}
