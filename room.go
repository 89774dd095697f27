package gateway

import (
	"github.com/coredns/coredns/request"

	"github.com/miekg/dns"
)

// room is what is left of the size that a reply may have. Additional records are added by whole RRsets, as far as they fit: CoreDNS's
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
}

// roomIn returns the room that is left in a reply.
func (g *Gateway) roomIn(m *dns.Msg, state *request.Request) room {
	size := state.Size()
	if opt := state.Req.IsEdns0(); opt != nil { // comes back, with an Extended DNS Error in it
		if size -= dns.Len(opt); g.explains {
			size -= 6
		}
	}
	return room{m: m, extra: len(m.Extra), size: size, used: m.Len()}
}

// take reports whether an RRset fits, and takes the room for it. Its owner is a name that the reply has already, as what a record in
// the answer or authority section points at; each record has so many octets of RDATA. Nil has room for all.
func (r *room) take(owner string, records, rdata int) bool {
	if r == nil {
		return true
	}
	names, rest := records*(len(owner)+1), records*(fixedFields+rdata)
	if !r.compressed && r.used+names+rest > r.size {
		r.compress()
	}
	need := rest + names
	if r.pointers {
		need = rest + records*pointer
	}
	if r.used+need > r.size {
		return false
	}
	r.used += need
	r.records, r.names, r.rest = r.records+records, r.names+names, r.rest+rest
	return true
}

// compress counts anew, with pointers.
func (r *room) compress() {
	before := *r.m
	before.Extra, before.Compress = before.Extra[:r.extra], true
	length := before.Len()
	r.compressed, r.pointers = true, length < maxPointer
	if r.used = length + r.rest + r.names; r.pointers {
		r.used = length + r.rest + r.records*pointer
	}
}

const (
	fixedFields = 10      // octets of TYPE, CLASS, TTL and RDLENGTH
	pointer     = 2       // octets of a pointer to a name
	maxPointer  = 1 << 14 // the offset from which on names cannot be pointed at
)
