package gateway

import (
	"fmt"
	"strings"

	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// reason is why an answer is negative or old, as an Extended DNS Error (RFC 8914).
type reason struct {
	code uint16
	text string
}

// explain adds the reason for an answer to a reply, for clients that sent EDNS. It shows names of objects,
// so that it is off unless the stanza asks for it.
func (g *Gateway) explain(state *request.Request, m *dns.Msg, z *zone.Zone, name string, o *resolve.Outcome) {
	if state.Req.IsEdns0() == nil {
		return
	}
	r, ok := g.reason(z, name, *o)
	if !ok {
		return
	}
	ede := &dns.EDNS0_EDE{InfoCode: r.code, ExtraText: r.text}
	opt := &dns.OPT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeOPT}, Option: []dns.EDNS0{ede}}
	if m.Extra = append(m.Extra, opt); m.Len() > state.Size() {
		ede.ExtraText = "" // the answer matters more
	}
}

func (g *Gateway) reason(z *zone.Zone, name string, o resolve.Outcome) (reason, bool) {
	switch {
	case o.Stale:
		return reason{dns.ExtendedErrorCodeStaleAnswer, "an upstream server does not answer, so the last answer is in use"}, true
	case o.Dangling && o.Result == zone.Success:
		text := g.aliasEnd(z, name).loop()
		return reason{dns.ExtendedErrorCodeOther, text}, text != ""
	case o.Result != zone.Unavailable && o.Result != zone.NameError && o.Result != zone.NoData:
		return reason{}, false
	case !g.complete(), o.Result == zone.Unavailable && g.awaited(name) != "":
		return reason{dns.ExtendedErrorCodeNotReady, "waiting for " + strings.Join(g.missing(name), ", ")}, true
	case o.Result == zone.Unavailable && o.NoUpstream:
		return reason{dns.ExtendedErrorCodeNoReachableAuthority, "it has the addresses of " + g.aliasEnd(z, name).outside() + ", and " + resolve.NoLookup}, true
	case o.Result == zone.Unavailable:
		return reason{dns.ExtendedErrorCodeNoReachableAuthority, "an upstream server does not answer for " + g.aliasEnd(z, name).outside()}, true
	}
	if o.Result == zone.NameError {
		if text := g.dangling(z, name, o); text != "" {
			return reason{dns.ExtendedErrorCodeOther, text}, true
		}
	}
	if g.Zones.Excluded.Has(name) {
		return reason{dns.ExtendedErrorCodeOther, object.ExcludedReason}, true
	}
	g.RLock()
	defer g.RUnlock()
	var texts []string
	m := g.Names.Find(name)
	if m.Result == dnsname.Pending {
		texts = g.pending(m)
	} else if m.Result == dnsname.NonTerminal { // Z7
		if wildcard, ok := g.Names.Covering(name); ok {
			texts = append(texts, "names below it exist, so the wildcard "+wildcard+" does not cover it")
		}
	} else if m.Result == dnsname.Absent {
		for _, c := range g.clusters {
			if g.sources.JoinOf(c) != nil {
				texts = append(texts, g.sources.JoinOf(c).Refusals(name, maxReasons)...)
			}
		}
		if wildcard := g.wildcardOfHosts(name); wildcard != "" {
			texts = append(texts, "the wildcard "+wildcard+" covers host names only, and no label of these begins with an underscore")
		}
	}
	if m.Result == dnsname.Absent && len(texts) < maxReasons {
		texts = append(texts, g.leftOut(z, name)...)
	}
	if len(texts) == 0 {
		return reason{}, false
	}
	return reason{dns.ExtendedErrorCodeOther, strings.Join(texts, "; ")}, true
}

// wildcardOfHosts returns the wildcard that would cover a name if its labels did not begin with underscores (W7), or "".
func (g *Gateway) wildcardOfHosts(name string) string {
	labels := strings.Split(name, ".")
	for i, label := range labels {
		labels[i] = strings.TrimLeft(label, "_")
	}
	host := strings.Join(labels, ".")
	if m := g.Names.Find(host); host != name && m.Result == dnsname.Wildcard {
		return m.Name
	}
	return ""
}

// missing names what has not been listed and is needed to answer for a name: kinds, and a nameserver's Service.
func (g *Gateway) missing(name string) []string {
	var list []string
	if awaited := g.awaited(name); awaited != "" {
		list = append(list, awaited)
	}
	for _, k := range g.kinds {
		if !k.Complete() {
			list = append(list, k.Name)
		}
	}
	return list
}

// awaited names what has to be listed before the addresses of the nameserver of a name are known; nothing where they are, or where
// the name is no nameserver's.
func (g *Gateway) awaited(name string) string {
	if ns := g.nsNames[name]; ns != nil {
		if i := ns.missing(); i != nil {
			return i.Title
		}
	}
	return ""
}

// maxReasons bounds how many objects an explanation names.
const maxReasons = 3

// pending says who claims a name without having a target for it.
func (g *Gateway) pending(m dnsname.Match) []string {
	var texts []string
	for _, k := range g.kinds {
		if _, wild := dnsname.IsWildcard(m.Name); wild && !m.Applies[k.Sort] {
			continue
		}
		for _, s := range k.Parts {
			found := s.Records.ByValue(record.ByName, m.Name)
			for _, rec := range found.All() {
				if rec.IsEarlier() {
					continue
				}
				if len(texts) == maxReasons {
					return append(texts, "…")
				}
				if bad := rec.BadTarget(); bad != "" {
					texts = append(texts, fmt.Sprintf("%s %s has no address: %s", k.Name, rec.Key().String(), bad))
				} else if hasOwnTargets(&k) {
					text := k.Name + " " + rec.Key().String() + " has no target that can be served"
					if bad := rec.SkippedValues().Cause(m.Name); bad != "" {
						text += ": " + bad
					}
					texts = append(texts, text)
				} else if via := rec.At(m.Name)[0].Data.Gateway; via != (store.Key{}) {
					texts = append(texts, fmt.Sprintf("Gateway %s of a %s has no address yet", via, k.Name))
				} else {
					texts = append(texts, fmt.Sprintf("%s %s has no address yet", k.Name, rec.Key().String()))
				}
			}
		}
	}
	return texts
}
