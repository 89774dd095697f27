package record

import (
	"cmp"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// Entry is one owner name, canonical, and its data.
type Entry struct {
	Name string
	Data *Data
}

// Data is the data of an owner name from one object. Entries with the same data share it.
type Data struct {
	TTL uint32 // seconds
	Targets
	*Extra
	Steering *Steering // of the target; nil for the defaults
}

// Extra is the part of Data that few names need. It is never nil; NoExtra stands for none.
type Extra struct {
	EndpointType uint16      // A, AAAA or CNAME, if a DNSEndpoint states the type
	CNAME        string      // the canonical target of a DNSEndpoint's CNAME; empty for none
	RRs          []dns.RR    // of one type other than A, AAAA and CNAME; their owner and TTL are not set
	ServiceSRV   bool        // RRs are the SRV records of a Service; their target must not be an alias (RFC 2782)
	Gateway      store.Key   // bindings only: the Gateway whose targets a lookup takes; empty for none
	Route        store.Key   // bindings only: the route, if the stanza has `steer`, so that each route is a target of its own (T1); else empty
	Own          *OwnTargets // bindings only: targets of the route that replace those of the Gateway; nil for none
	HasTarget    bool        // bindings only: the Gateway or the route has an address or a hostname
}

// NoExtra is the Extra of data that need none. It must not be written to.
var NoExtra = &Extra{}

// Usable reports whether the entry answers any question.
func (e *Entry) Usable() bool {
	d := e.Data
	return d.Targets.Usable(e.Name) || d.CNAME != "" || len(d.RRs) > 0 || d.HasTarget
}

// Delegates reports whether the data makes its owner name a zone cut.
func (d *Data) Delegates() bool { return d.rrtype() == dns.TypeNS }

// compare orders entries by name, setIdentifier and type, so that the entries of one target are adjacent.
func (e Entry) compare(f Entry) int {
	return cmp.Or(cmp.Compare(e.Name, f.Name), cmp.Compare(e.Data.id(), f.Data.id()), cmp.Compare(e.Data.rrtype(), f.Data.rrtype()))
}

// rrtype returns the type of the records, or the type that a DNSEndpoint states. It returns 0 for targets of an object.
func (d *Data) rrtype() uint16 {
	if len(d.RRs) > 0 {
		return d.RRs[0].Header().Rrtype
	}
	return d.EndpointType
}
