package gateway

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
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

// answer is what our own data says to a question, before any alias is followed. What comes to one writes to that of who
// asked, which is empty before: each copy would be in the stack of the query, and CoreDNS has a new goroutine for every
// query, whose stack is small and costs more to grow than the rest of a query does (BenchmarkGoroutine).
type answer struct {
	result
	unclaimed bool // no object answers for the name, whatever the type, and it is not a nameserver's (Z9)
	rrset
	target string    // canonical
	hosts  []string  // canonical
	by     *zoneKind // the kind that answers, of other types the first; nil for none
	ports  bool      // some of it are SRV records of a Service
	pointed
}

// lookup answers for a canonical name in a zone from what the kinds hold. The steps are those of
// RFC 1034 section 4.3.2 as the table of names takes them; a name that exists does so for every type
// (RFC 2308).
func (db *database) lookup(z *zone, name string, qtype uint16, a *answer) {
	if cut, ok := db.names.Cut(name, z.name); ok {
		switch {
		case !db.allListed():
			a.result = unavailable
			return
		case qtype == dns.TypeDS && name == cut: // RFC 4035 section 3.1.4.1
			a.result = noData
			return
		}
		v := view{database: db, find: indexed, match: dnsname.Match{Result: dnsname.Exact, Name: cut}, name: cut, zone: z}
		v.others(dns.TypeNS, a)
		a.result, a.target = delegation, cut
		return
	}
	if name != z.name && db.zones.isApex(name) { // DS of a zone of the server block, asked of the one above it
		a.result = noData
		return
	}
	if db.found(z, name, qtype, a); a.ports {
		db.unalias(name, a)
	}
}

// found is lookup below delegations.
func (db *database) found(z *zone, name string, qtype uint16, a *answer) {
	m := db.names.Find(name)
	complete := db.allListed()
	if !complete && m.Result != dnsname.Exact {
		a.result, a.unclaimed = unavailable, true
		return
	}
	switch m.Result {
	case dnsname.Exact, dnsname.Wildcard:
		v := view{database: db, find: indexed, match: m, name: name, zone: z, certain: true}
		v.answer(qtype, a)
		// The Gateway behind the name may have lost its addresses this very moment.
		if a.result == noData && !v.pointed && !v.hasOthers() {
			if a.unclaimed = true; !m.Below {
				a.result = nameError
			}
		}
		if !complete && (!v.certain || a.result != success && a.result != alias && a.result != flatten) {
			*a = answer{result: unavailable, unclaimed: a.unclaimed}
		}
	case dnsname.NonTerminal:
		a.result, a.unclaimed = noData, true
	default:
		a.result, a.unclaimed = nameError, true
	}
}

// addresses adds the addresses of a name, which was matched in the table, to an answer, and reports whether these are certain.
// The caller holds RLock.
func (db *database) addresses(match dnsname.Match, name string, z *zone, a *answer) (certain bool) {
	v := view{database: db, find: indexed, match: match, name: name, zone: z, certain: true}
	v.point(a)
	return v.certain
}
