package zone

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

// Result says how a lookup ended, and so what goes on the wire.
type Result uint8

const (
	Success     Result = iota
	Alias              // the name is a CNAME, Answer.Target
	Flatten            // the name has the addresses of other names, Answer.Hosts
	Delegation         // the name is at or below a cut, Answer.Target
	NoData             // the name exists, but not with this type
	NameError          // the name does not exist
	Unavailable        // not known, for now
)

// Answer is what our own data says to a question, before any alias is followed. Functions fill in the
// empty Answer of their caller and return none: copies would make the stack of the query grow, and CoreDNS has a new goroutine
// for every query, whose stack costs more to grow than the rest of the query does (BenchmarkGoroutine).
type Answer struct {
	Result
	Unclaimed bool // no object answers for the name, whatever the type, and it is not a nameserver's (Z9)
	RRset
	Target     string   // canonical
	Hosts      []string // canonical
	By         *Kind    // the kind that answers, of other types the first; nil for none
	ServiceSRV bool     // some of it are SRV records of a Service
	pointed
}

// Lookup answers for a canonical name in a zone from what the kinds hold. The steps are those of
// RFC 1034 section 4.3.2 as the table of names takes them; a name that exists does so for every type
// (RFC 2308).
func (db *Database) Lookup(z *Zone, name string, qtype uint16, a *Answer) {
	db.LookupFor(nil, z, name, qtype, a)
}

// LookupFor is Lookup with a chooser of targets; nil is none.
func (db *Database) LookupFor(c Chooser, z *Zone, name string, qtype uint16, a *Answer) {
	if cut, ok := db.Names.Cut(name, z.Name); ok {
		switch {
		case !db.AllListed():
			a.Result = Unavailable
			return
		case qtype == dns.TypeDS && name == cut: // RFC 4035 section 3.1.4.1
			a.Result = NoData
			return
		}
		v := View{Database: db, Find: Indexed, Match: dnsname.Match{Result: dnsname.Exact, Name: cut}, Name: cut, Zone: z}
		v.others(dns.TypeNS, a)
		a.Result, a.Target = Delegation, cut
		return
	}
	if name != z.Name && db.Zones.IsApex(name) { // DS of a zone of the server block, asked of the one above it
		a.Result = NoData
		return
	}
	if db.found(c, z, name, qtype, a); a.ServiceSRV {
		db.Unalias(name, a)
	}
}

// found is Lookup outside delegations.
func (db *Database) found(c Chooser, z *Zone, name string, qtype uint16, a *Answer) {
	m := db.Names.Find(name)
	complete := db.AllListed()
	if !complete && m.Result != dnsname.Exact {
		a.Result, a.Unclaimed = Unavailable, true
		return
	}
	switch m.Result {
	case dnsname.Exact, dnsname.Wildcard:
		v := View{Database: db, Find: Indexed, Match: m, Name: name, Zone: z, certain: true, Chooser: c}
		v.Answer(qtype, a)
		// The Gateway behind the name may have lost its addresses this very moment.
		if a.Result == NoData && !v.pointed && !v.HasOthers() {
			if a.Unclaimed = true; !m.Below {
				a.Result = NameError
			}
		}
		if !complete && (!v.certain || a.Result != Success && a.Result != Alias && a.Result != Flatten) {
			*a = Answer{Result: Unavailable, Unclaimed: a.Unclaimed}
		}
	case dnsname.NonTerminal:
		a.Result, a.Unclaimed = NoData, true
	default:
		a.Result, a.Unclaimed = NameError, true
	}
}

// Addresses adds the addresses of a name, which was matched in the table, to an answer, and reports whether these are certain. A nil
// chooser is none. The caller holds RLock.
func (db *Database) Addresses(c Chooser, match dnsname.Match, name string, z *Zone, a *Answer) (certain bool) {
	v := View{Database: db, Find: Indexed, Match: match, Name: name, Zone: z, certain: true, Chooser: c}
	v.point(a)
	return v.certain
}
