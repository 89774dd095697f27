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
	Unavailable        // the answer is not known at present
)

// Answer is the answer to a question before an alias is followed. Functions fill in an empty Answer of their caller instead of
// returning one: copies would need more stack, and CoreDNS starts a goroutine for each query. Growing its small stack costs more
// than the rest of the query (BenchmarkGoroutine).
type Answer struct {
	Result
	Unclaimed bool // no object has an answer for the name, of any type, and the name is not a nameserver's (Z9)
	RRset
	Target     string   // canonical
	Hosts      []string // canonical
	By         *Kind    // the kind that answers; for types other than addresses, the first such kind; nil for none
	ServiceSRV bool     // some records are SRV records of a Service
	targetSummary
}

// Lookup answers a question for a canonical name in a zone from the records of the kinds. The steps are those of RFC 1034
// section 4.3.2: first a delegation, then the table of names (dnsname.Table.Find). A name that exists does so for every type
// (RFC 2308).
func (db *Database) Lookup(z *Zone, name string, qtype uint16, a *Answer) {
	db.LookupFor(nil, z, name, qtype, a)
}

// LookupFor is Lookup with a chooser of targets, which may be nil.
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

// refer answers with the NS records of a cut. It is a function of its own, and not inlined, so that the stack frame of LookupFor stays
// small: most questions need no referral.
//
//go:noinline
func (db *Database) refer(z *Zone, cut string, a *Answer) {
	v := View{Database: db, Find: Indexed, Match: dnsname.Match{Result: dnsname.Exact, Name: cut}, Name: cut, Zone: z}
	v.others(dns.TypeNS, a)
	a.Result, a.Target = Delegation, cut
}

// found is LookupFor for a name that is not delegated. A claimed name whose objects have no target is NXDOMAIN (Z12): Names.Find
// returns dnsname.Pending for it.
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
		// The Gateway of the name may have lost its addresses since Names was updated.
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

// Addresses adds the addresses of a name, which the caller has found in the table of names, to an answer. It reports whether
// Kind.Certain is true for all kinds that it looked at. The chooser may be nil. The caller holds RLock.
func (db *Database) Addresses(c Chooser, match dnsname.Match, name string, z *Zone, a *Answer) (certain bool) {
	v := View{Database: db, Find: Indexed, Match: match, Name: name, Zone: z, certain: true, Chooser: c}
	v.resolveTargets(a)
	return v.certain
}
