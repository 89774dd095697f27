package gateway

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/internal/names"
)

// result says how a lookup ended, and so what goes on the wire.
type result uint8

const (
	success     result = iota
	alias              // the name is a CNAME, answer.target
	flatten            // the name has the addresses of other names, answer.hosts
	delegation         // the name is at or below a cut, answer.target
	noData             // the name exists, but not with this type
	nameError          // the name does not exist
	unavailable        // not known, for now
)

// answer is what our own data says to a question, before any alias is followed.
type answer struct {
	result
	rrset
	target string      // canonical
	hosts  []string    // canonical
	by     *kindServed // the kind that answers, of other types the first; nil for none
}

// lookup answers for a canonical name in a zone from what the kinds hold. The steps are those of
// RFC 1034 section 4.3.2 as the table of names takes them; a name that exists does so for every type
// (RFC 2308).
func (g *Gateway) lookup(z *zone, name string, qtype uint16) answer {
	if cut, ok := g.names.Cut(name, z.name); ok {
		switch {
		case !g.complete():
			return answer{result: unavailable}
		case qtype == dns.TypeDS && name == cut: // RFC 4035 section 3.1.4.1
			return answer{result: noData}
		}
		v := view{Gateway: g, find: indexed, match: names.Match{Result: names.Exact, Name: cut}, name: cut, zone: z}
		ns, by := v.others(dns.TypeNS)
		return answer{result: delegation, rrset: ns, target: cut, by: by}
	}
	if name != z.name && g.zones.byName[name] != nil { // DS of a zone of ours, asked of the one above it
		return answer{result: noData}
	}
	return g.found(z, name, qtype)
}

// found is lookup below delegations.
func (g *Gateway) found(z *zone, name string, qtype uint16) answer {
	m := g.names.Find(name)
	complete := g.complete()
	if !complete && m.Result != names.Exact {
		return answer{result: unavailable}
	}
	switch m.Result {
	case names.Exact, names.Wildcard:
		v := view{Gateway: g, find: indexed, match: m, name: name, zone: z, certain: true}
		a := v.answer(qtype)
		if a.result == noData && !v.pointed && !m.Below && !v.hasOthers() {
			a.result = nameError // the Gateway behind the name lost its addresses this very moment
		}
		if !complete && (!v.certain || a.result != success && a.result != alias && a.result != flatten) {
			return answer{result: unavailable}
		}
		return a
	case names.NonTerminal:
		return answer{result: noData}
	}
	return answer{result: nameError}
}
