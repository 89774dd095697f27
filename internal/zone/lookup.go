package zone

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

// Result is how a lookup ended. It determines the reply.
type Result uint8

const (
	Success     Result = iota
	Alias              // the name is a CNAME, Answer.Target
	Flatten            // the name has the addresses of other names, Answer.Hosts
	Delegation         // the name is at or below a zone cut; Answer.Target is the cut
	NoData             // the name exists, but not with this type
	NameError          // the name does not exist
	Unavailable        // not known, for now
)

// Answer is the answer of our own data to a question, before any alias is followed. Functions fill in an empty Answer of their
// caller instead of returning one. Copies would make the stack of the query grow, and growing it costs more than the rest of a
// query, because CoreDNS starts a new goroutine for each query (BenchmarkGoroutine).
type Answer struct {
	Result
	Unclaimed bool // no object answers for the name for any type, and the name is not a nameserver's (Z9)
	RRset
	Target     string   // canonical
	Hosts      []string // canonical
	By         *Kind    // the kind that answers; for other types than addresses, the first that does; nil for none
	ServiceSRV bool     // some records are SRV records of a Service
	targetSummary
}

// Lookup answers a question for a canonical name in a zone from the records of the kinds. The steps are those of RFC 1034
// section 4.3.2: first a delegation, then the table of names (dnsname.Table.Find). A name that exists does so for every type
// (RFC 2308).
func (db *Database) Lookup(z *Zone, name string, qtype uint16, a *Answer) {
	db.LookupFor(nil, z, name, qtype, a)
}

// LookupFor is Lookup with a chooser of targets; nil is none.
func (db *Database) LookupFor(c Chooser, z *Zone, name string, qtype uint16, a *Answer) {
	if cut, ok := db.Names.Cut(name, z.Name); ok {
		switch {
		case !db.Complete():
			a.Result = Unavailable
			return
		case qtype == dns.TypeDS && name == cut: // RFC 4035 section 3.1.4.1
			a.Result = NoData
			return
		}
		db.refer(z, cut, a)
		return
	}
	if name != z.Name && db.Zones.isApex(name) { // a DS question for a zone of the server block goes to the zone above it
		a.Result = NoData
		return
	}
	if db.found(c, z, name, qtype, a); a.ServiceSRV {
		db.ResolveSRVTargets(name, a)
	}
}

// refer answers with the NS records of a cut. It is beside LookupFor because most questions do without, whose stack it would take up.
//
//go:noinline
func (db *Database) refer(z *Zone, cut string, a *Answer) {
	v := View{Database: db, Find: Indexed, Match: dnsname.Match{Result: dnsname.Exact, Name: cut}, Name: cut, Zone: z}
	v.others(dns.TypeNS, a)
	a.Result, a.Target = Delegation, cut
}

// found is Lookup for a name that is not delegated. A name that is claimed but pending, because its objects have no address, is
// NXDOMAIN (Z12): the table returns dnsname.Pending for it.
func (db *Database) found(c Chooser, z *Zone, name string, qtype uint16, a *Answer) {
	m := db.Names.Find(name)
	complete := db.Complete()
	if !complete && m.Result != dnsname.Exact {
		a.Result, a.Unclaimed = Unavailable, true
		return
	}
	switch m.Result {
	case dnsname.Exact, dnsname.Wildcard:
		v := View{Database: db, Find: Indexed, Match: m, Name: name, Zone: z, certain: true, Chooser: c}
		v.Answer(qtype, a)
		// Between the table and this point, the Gateway of the name may have lost its addresses.
		if a.Result == NoData && !v.foundTargets && !v.HasOthers() {
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

// Addresses adds the addresses of a name, which has been matched in the table, to an answer. It reports whether they are
// certain: all kinds that could answer have been listed. A nil chooser is none. The caller holds RLock.
func (db *Database) Addresses(c Chooser, match dnsname.Match, name string, z *Zone, a *Answer) (certain bool) {
	v := View{Database: db, Find: Indexed, Match: match, Name: name, Zone: z, certain: true, Chooser: c}
	v.resolveTargets(a)
	return v.certain
}
