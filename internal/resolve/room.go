package resolve

import (
	"net"

	"github.com/coredns/coredns/request"

	"github.com/miekg/dns"
)

// room counts what is left of the size that a reply may have. Additional records are added by whole RRsets, as far as they fit: CoreDNS's
// server would cut off what does not, and set TC although nothing is missing that was asked for (RFC 2181 section 9).
type room struct {
	m     *dns.Msg
	extra int // records in the additional section before any that are counted here
	size  int // octets that the reply may have
	used  int // octets that it has

	records, names, rest int // what was taken: how many records, octets of their owner names in full, octets of all else

	// The server writes a reply that is too long with pointers for names (RFC 1035 section 4.1.4). used then counts them.
	compressed bool
	pointers   bool // names in the sections before can be pointed at

	targets int // names whose addresses were looked up
	misses  int // RRsets that did not fit
}

// What the additional section of one reply may cost (N7). Additional records are optional, and a client asks for those that it misses.
const (
	maxTargets = 128 // names whose addresses are looked up
	maxMisses  = 8   // RRsets that do not fit, after which no other is tried
)

// roomIn returns the room that is left in a reply, but for some octets that are kept free.
func roomIn(m *dns.Msg, state *request.Request, reserve int) room {
	size := state.Size()
	if opt := state.Req.IsEdns0(); opt != nil { // comes back, with an Extended DNS Error in it
		size -= dns.Len(opt) + reserve
	}
	return room{m: m, extra: len(m.Extra), size: size, used: m.Len()}
}

// open reports whether the addresses of one more name are worth a lookup, and counts the name.
func (r *room) open() bool {
	if r.targets >= maxTargets || r.misses >= maxMisses || r.compressed && r.size-r.used < leastAddress {
		return false
	}
	r.targets++
	return true
}

// fits returns how many records of an RRset fit. Its owner is a name that the reply has already, as what a record in the answer or
// authority section points at. Each record has so many octets of RDATA.
func (r *room) fits(owner string, rdata int) int {
	n := (r.size - r.used) / r.octets(owner, rdata)
	if n <= 0 && r.compress() {
		n = (r.size - r.used) / r.octets(owner, rdata)
	}
	return max(n, 0)
}

// octets returns the size of a record.
func (r *room) octets(owner string, rdata int) int {
	if r.pointers {
		return pointer + fixedFields + rdata
	}
	return len(owner) + 1 + fixedFields + rdata
}

// take takes the room for an RRset.
func (r *room) take(owner string, records, rdata int) {
	r.used += records * r.octets(owner, rdata)
	r.records, r.names, r.rest = r.records+records, r.names+records*(len(owner)+1), r.rest+records*(fixedFields+rdata)
}

// exceeded reports whether more was taken than the reply has room for.
func (r *room) exceeded() bool {
	return r.used > r.size && (!r.compress() || r.used > r.size)
}

// compress counts anew, with pointers. It reports whether they were not counted before.
func (r *room) compress() bool {
	if r.compressed {
		return false
	}
	before := *r.m
	before.Extra, before.Compress = before.Extra[:r.extra], true
	length := before.Len()
	r.compressed, r.pointers = true, length < maxPointer
	if r.used = length + r.rest + r.names; r.pointers {
		r.used = length + r.rest + r.records*pointer
	}
	return true
}

const (
	fixedFields = 10      // octets of TYPE, CLASS, TTL and RDLENGTH
	pointer     = 2       // octets of a pointer to a name
	maxPointer  = 1 << 14 // the offset from which on names cannot be pointed at

	leastAddress = pointer + fixedFields + net.IPv4len // octets of the smallest address record
)
