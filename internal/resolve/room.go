package resolve

import (
	"net"

	"github.com/coredns/coredns/request"

	"github.com/miekg/dns"
)

// room computes how much space is left in a reply. Additional records are added only as whole RRsets, and only if they fit. If they did
// not fit, CoreDNS would truncate the reply and set TC, although only optional records are missing (RFC 2181 section 9).
type room struct {
	m     *dns.Msg
	extra int // records in the additional section before room began to count
	size  int // maximum size of the reply, in octets
	used  int // size of the reply so far, in octets

	records, names, rest int // of what was added: records, octets of uncompressed owner names, octets of everything else

	compressed bool // used is the size with compressed names: CoreDNS compresses a reply that is too long (RFC 1035 section 4.1.4)
	pointers   bool // owner names in the additional section are compressed to pointers

	targets int // names whose addresses were looked up
	misses  int // RRsets that did not fit

	looked *counter // the targets that filters looked at; nil without `steer`
}

// Limits on the cost of the additional section of one reply (N7). Additional records are optional: a client can ask for missing ones.
const (
	maxTargets = 128 // names whose addresses are looked up
	maxMisses  = 8   // RRsets that do not fit, after which no other is tried
)

// roomIn returns the room that is left in a reply, except for reserve octets that stay free.
func roomIn(m *dns.Msg, state *request.Request, reserve int) room {
	size := state.Size()
	if opt := state.Req.IsEdns0(); opt != nil { // the reply will have this record, too, perhaps with an Extended DNS Error
		size -= dns.Len(opt) + reserve
	}
	return room{m: m, extra: len(m.Extra), size: size, used: m.Len()}
}

// open reports whether there may be room for the addresses of one more name, and counts the name.
func (r *room) open() bool {
	if r.targets >= maxTargets || r.misses >= maxMisses || r.looked.spent() || r.compressed && r.size-r.used < leastAddress {
		return false
	}
	r.targets++
	return true
}

// fits returns how many records of an RRset fit. Each has rdata octets of RDATA. A pointer can replace their owner name, because it is
// the target of a record in the answer or authority section.
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

// take counts an RRset that is added.
func (r *room) take(owner string, records, rdata int) {
	r.used += records * r.octets(owner, rdata)
	r.records, r.names, r.rest = r.records+records, r.names+records*(len(owner)+1), r.rest+records*(fixedFields+rdata)
}

// exceeded reports whether more was added than the reply has room for.
func (r *room) exceeded() bool {
	return r.used > r.size && (!r.compress() || r.used > r.size)
}

// compress computes the size again, with compressed names. It returns false if that was done before.
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
	maxPointer  = 1 << 14 // pointers cannot reach names at this offset or beyond

	leastAddress = pointer + fixedFields + net.IPv4len // octets of the smallest address record
)
