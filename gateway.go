// Package gateway is the CoreDNS plugin k8s_gateway. It is an authoritative DNS server for the names that objects in Kubernetes clusters
// claim.
//
// Data flows one way: an API object becomes a record (internal/source), which is stored in the index of its kind and in the table
// of names; a lookup reads the table and then the indexes (internal/zone); its result becomes a reply (internal/resolve). This
// package connects the others with CoreDNS: it parses the Corefile, starts, reloads and stops the informers, and answers queries.
package gateway

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/plugin/pkg/fall"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/explain"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/nameserver"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/steer"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/subnet"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Gateway is one k8s_gateway stanza of a Corefile.
type Gateway struct {
	Next plugin.Handler
	Fall fall.F

	zone.Database
	Served      []source.ServedKind           // in order of priority (Z14)
	nameservers []*nameserver.Server          // `apex`, then each `secondary`
	nsNames     map[string]*nameserver.Server // the nameservers by their names in the zones, canonical
	ttl         uint32                        // the TTL of records without their own, seconds
	negativeTTL uint32                        // SOA MINIMUM, seconds
	filters     object.Filters
	settings    *object.Settings
	Sources     *source.Sources
	Explainer   *explain.Explainer
	Clusters    []*kube.Cluster
	Upstream    *resolve.Resolver
	tally       *tally            // counts questions that no kind answered
	tallies     []*tally          // count questions that a kind answered, in the order of Served
	explains    bool              // the `explain` property
	geoip       metadata.Provider // the plugin geoip, which finds the places of clients; nil for none
	chain       *steer.Chain      // the filters of `steer`; nil for none
	block       []*Gateway        // all stanzas of the server block, including this one
	position    position          // of the stanza in the Corefile
	warnings    []string          // about the stanza, to be logged when CoreDNS starts
	stanza      string            // the text of the stanza, with the keys of the server block

	startupTimeout time.Duration
	status         string // address of the status page; empty for none
	lifetime
	predecessor atomic.Pointer[Gateway] // the Gateway that answers in place of this one after a reload; nil for none

	ready atomic.Bool // latched: the stanza was ready once (R4)
}

// Name implements plugin.Handler.
func (g *Gateway) Name() string { return pluginName }

// ServeDNS implements plugin.Handler. The functions that make the reply have returned before it is written or the next plugin is called, so
// that their stack is free. CoreDNS starts a goroutine for each query; growing its small stack costs more than the rest of the query
// (BenchmarkGoroutine).
func (g *Gateway) ServeDNS(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	m, rcode, scope := g.answers(w, r).reply(ctx, w, r)
	switch {
	case m != nil:
		if err := w.WriteMsg(m); err != nil {
			return dns.RcodeServerFailure, err
		}
	case rcode == codeNextPlugin:
		if scope > 0 {
			w = subnet.WithScope(w, r, scope)
		}
		rcode, err := plugin.NextOrFailure(g.Name(), g.Next, ctx, w, r)
		if err != nil {
			resolve.NoteEnd(ctx, err)
		}
		return rcode, err
	}
	return rcode, nil
}

// answers returns the Gateway that answers a question: current, unless a reload has changed whether the question belongs to a zone of this
// stanza (N3).
func (g *Gateway) answers(w dns.ResponseWriter, r *dns.Msg) *Gateway {
	predecessor := g.predecessor.Load()
	if predecessor == nil {
		return g
	}
	state := request.Request{W: w, Req: r}
	name := strings.TrimSuffix(state.Name(), ".")
	if (g.Zones.ForQuestion(name, state.QType()) == nil) != (predecessor.Zones.ForQuestion(name, state.QType()) == nil) {
		return g
	}
	return predecessor
}

// codeNextPlugin tells ServeDNS to call the next plugin. It is no response code.
const codeNextPlugin = -1

// reply makes the reply to a query. If m is nil, the server makes a reply with the response code. scope is the SCOPE PREFIX-LENGTH that
// results from the filters (T7).
func (g *Gateway) reply(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (m *dns.Msg, rcode int, scope uint8) {
	state := request.Request{W: w, Req: r}
	fqdn := state.Name()
	name := fqdn[:len(fqdn)-1]
	qtype := state.QType()
	z := g.Zones.ForQuestion(name, qtype)
	if z == nil || state.QClass() != dns.ClassINET || r.Opcode != dns.OpcodeQuery {
		return nil, codeNextPlugin, 0
	}
	if qtype == dns.TypeAXFR || qtype == dns.TypeIXFR {
		return nil, dns.RcodeRefused, 0 // the plugin transfer, if there is one, answers before this plugin
	}

	if g.chain != nil || len(r.Extra) > 0 {
		return g.replyTo(ctx, &state, z, name)
	}
	return g.answer(ctx, &state, z, name, nil)
}

// answer makes the reply to a question for a canonical name in a zone. The chooser may be nil. scope is the SCOPE PREFIX-LENGTH of the
// answers of other stanzas to which an alias leads.
func (g *Gateway) answer(ctx context.Context, state *request.Request, z *zone.Zone, name string, c zone.Chooser) (m *dns.Msg, rcode int, scope uint8) {
	qtype := state.QType()
	owner := state.QName()
	var a zone.Answer
	g.Local(c, z, name, qtype, &a)
	if a.Unclaimed && g.FallsThrough(z, state.Name()) {
		g.tally[fellThrough].Inc()
		return nil, codeNextPlugin, 0
	}
	o := resolve.OutcomeOf(&a, z, owner)
	if a.Result == zone.Alias || a.Result == zone.Flatten {
		o, scope = g.followed(ctx, state.W, state.Req, z, name, &a, c)
	}
	tally := g.tally
	if a.By != nil && (len(o.RRs) > 0 || o.Result == zone.Delegation) {
		tally = g.tallies[a.By.Number]
	}
	tally[o.Result].Inc()
	if o.Result == zone.Unavailable && !g.explains {
		return nil, dns.RcodeServerFailure, scope
	}
	m = new(dns.Msg)
	m.SetReply(state.Req)
	m.Authoritative = true
	g.fill(m, state, &o, c)
	if g.explains {
		g.explain(state, m, z, name, &o, c)
	}
	return m, dns.RcodeSuccess, scope
}

// followed follows the alias that a question leads to. It is a function of its own, and not inlined, so that the stack frame of answer
// stays small: most questions lead to no alias.
//
//go:noinline
func (g *Gateway) followed(ctx context.Context, w dns.ResponseWriter, r *dns.Msg, z *zone.Zone, name string, a *zone.Answer, c zone.Chooser) (resolve.Outcome, uint8) {
	state := request.Request{W: w, Req: r}
	q := &resolve.Query{Authority: g, Chooser: c, Upstream: g.Upstream, Ctx: ctx, State: state, Progress: new(resolve.Progress)}
	o := q.Follow(z, state.QName(), &resolve.Path{Name: name}, state.QType(), *a)
	return o, q.Progress.Scope()
}

// fill fills in a reply with the outcome of a question.
func (g *Gateway) fill(m *dns.Msg, state *request.Request, o *resolve.Outcome, c zone.Chooser) {
	m.Answer = o.RRs
	switch o.Result {
	case zone.Unavailable:
		m.Authoritative = false
		m.Rcode = dns.RcodeServerFailure
	case zone.Delegation:
		m.Authoritative = len(o.RRs) > 0 // an alias before the referral is authoritative data
		g.sections(c).Refer(m, state, o.NS)
	case zone.NameError:
		m.Rcode = dns.RcodeNameError
		fallthrough
	case zone.NoData:
		if m.Ns = o.NS; o.Zone != nil {
			m.Ns = []dns.RR{g.soa(o.Zone, o.Zone.FQDN, min(g.ttl, g.negativeTTL))}
		}
	default:
		g.sections(c).AddTargets(m, state)
	}
}

// FallsThrough reports whether a question for a name in a zone goes to the next plugin if no object answers for the name (Z9): the property
// fallthrough covers the name, and either a later stanza has the same zone or a plugin other than this one follows.
func (g *Gateway) FallsThrough(z *zone.Zone, fqdn string) bool {
	return g.Next != nil && g.Fall.Through(fqdn) && g.hasNext(z)
}

// hasNext reports whether a later stanza has the zone, or a plugin other than this one follows.
func (g *Gateway) hasNext(z *zone.Zone) bool {
	next := g.Next
	for {
		stanza, ok := next.(*Gateway)
		if !ok {
			return next != nil
		}
		if stanza.Zones.ByName[z.Name] != nil {
			return true
		}
		next = stanza.Next
	}
}

// edeOctets is the length of an Extended DNS Error without text (RFC 8914 section 2): OPTION-CODE, OPTION-LENGTH and INFO-CODE.
const edeOctets = 6

// sections returns the helper that fills in the authority and additional sections. With the property explain, it keeps room for an Extended
// DNS Error without text.
func (g *Gateway) sections(c zone.Chooser) resolve.Sections {
	if g.explains {
		return resolve.Sections{Authority: g, Chooser: c, Reserve: edeOctets}
	}
	return resolve.Sections{Authority: g, Chooser: c}
}

// ZoneFor implements resolve.Authority.
func (g *Gateway) ZoneFor(name string, qtype uint16) *zone.Zone {
	return g.Zones.ForQuestion(name, qtype)
}

// Local implements resolve.Authority: it answers for a canonical name in one of the zones. Aliases are not followed. The chooser may be
// nil.
func (g *Gateway) Local(c zone.Chooser, z *zone.Zone, name string, qtype uint16, a *zone.Answer) {
	if name == z.Name && (qtype == dns.TypeSOA || qtype == dns.TypeNS || qtype == dns.TypeANY) {
		g.apex(z, qtype, a)
		return
	}
	g.RLock()
	defer g.RUnlock()
	if ns := g.nsNames[name]; ns != nil {
		g.atNameserver(c, ns, z, name, qtype, a)
		return
	}
	g.LookupFor(c, z, name, qtype, a)
	if a.Result == zone.NameError && name == z.Name { // Z3
		*a = zone.Answer{Result: zone.NoData, Unclaimed: true}
	}
}

// complete reports whether everything that is watched has been listed once, or found absent. Only then is it certain that something does
// not exist (Z2). It stays true until more is watched. The first time, it also marks the stanza as ready (R4) if the nameservers and the
// backends are complete, because an object that arrives later may demand more.
func (g *Gateway) complete() bool {
	if g.Completed.Load() {
		return true
	}
	if !g.kindsComplete() {
		return false
	}
	if g.nameserversComplete() && g.backendsComplete() {
		g.ready.Store(true)
	}
	g.Completed.Store(true)
	if !g.kindsComplete() { // more was demanded just now
		g.Completed.Store(false)
	}
	return true
}

// kindsComplete reports whether the indexes of all configured kinds are complete now.
func (g *Gateway) kindsComplete() bool {
	for i := range g.Served {
		if !g.Served[i].Complete() {
			return false
		}
	}
	return true
}

// explain adds the reason for an answer to the reply, if the question has EDNS. The reason shows names of objects, so it is off unless the
// stanza has the property explain.
func (g *Gateway) explain(state *request.Request, m *dns.Msg, z *zone.Zone, name string, o *resolve.Outcome, c zone.Chooser) {
	if state.Req.IsEdns0() == nil {
		return
	}
	r, ok := g.Explainer.ExtendedError(z, name, *o)
	if q, steered := c.(*steer.Question); steered && !ok {
		r = explain.ExtendedError{Code: dns.ExtendedErrorCodeOther, Text: strings.Join(g.Explainer.Steering(q.Steps()), "; ")}
		ok = r.Text != ""
	}
	if !ok {
		return
	}
	ede := &dns.EDNS0_EDE{InfoCode: r.Code, ExtraText: r.Text}
	opt := &dns.OPT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeOPT}, Option: []dns.EDNS0{ede}}
	if m.Extra = append(m.Extra, opt); m.Len() > state.Size() {
		ede.ExtraText = "" // the answer has precedence
	}
}
