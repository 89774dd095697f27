package zone

import (
	"bytes"
	"cmp"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// unionItem is one piece of data at a name, and the number n of objects that have it. The sort key consists of the fields before n and,
// for some classes, of rr or rec.
type unionItem struct {
	class  class
	rrtype uint16
	ttl    uint32
	addr   target.Addr
	text   string
	n      int
	rr     dns.RR
	rec    *record.Record
	part   part
}

// longList returns the list of a longItem.
func (a unionItem) longList() longList {
	l := longList{object: a.rec}
	switch v4, v6 := target.Split(a.part.targets.Addrs); a.rrtype {
	case dns.TypeA:
		l.addrs = v4
	case dns.TypeAAAA:
		l.addrs = v6
	default:
		l.rrs = a.part.RRs
	}
	return l
}

type class uint8

const (
	addrItem      class = iota // rrtype and addr
	hostItem                   // text is a hostname of objects without addresses
	hostTTLItem                // ttl; text is the hostname, if the object has only one
	cnameItem                  // text is the CNAME of DNSEndpoints, ttl
	rrItem                     // rrtype and rr
	longItem                   // rrtype and rec; the list is in part, and all names of the object share it
	portsItem                  // there are SRV records of Services
	ttlItem                    // rrtype and ttl of addresses or records
	bindingItem                // text names rec, a binding
	targetItem                 // steered indexes only: text names rec, an object with targets, beginning with its namespace
	namespaceItem              // steered indexes only: text is a namespace; its objects have n targets
)

func (a unionItem) less(b unionItem) bool {
	if a.class != b.class {
		return a.class < b.class
	}
	switch {
	case a.class == cnameItem && a.text != b.text:
		return a.text < b.text
	case a.rrtype != b.rrtype:
		return a.rrtype < b.rrtype
	case a.class == rrItem && a.rr != nil && b.rr != nil:
		return record.CompareRRs(a.rr, b.rr) < 0
	case a.class < bindingItem && a.rec != nil && b.rec != nil:
		return record.CompareObjects(a.rec, b.rec) < 0
	case a.class == rrItem || a.class == longItem: // an item with only a type sorts before all items of this type
		return a.rr == nil && a.rec == nil && (b.rr != nil || b.rec != nil)
	}
	return cmp.Or(cmp.Compare(a.ttl, b.ttl), bytes.Compare(a.addr[:], b.addr[:]), cmp.Compare(a.text, b.text)) < 0
}
