package record

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// MaxHostnames is the largest number of hostnames that are stored for a name. A question looks up no more than that.
const MaxHostnames = 32

// MaxRecords is the largest number of records of one type at a name.
const MaxRecords = 1 << 12

// MaxLongLists is the largest number of values that the long lists of several objects contribute to one RRset, in the order of the
// objects. A list of more than MaxShort values is long.
const (
	MaxLongLists = 2 * MaxRecords
	MaxShort     = 8
)

// MaxOctets is the largest size of an RRset in a reply, in octets. A message of 65,535 octets (RFC 1035 section 4.2.2) then has
// room for the question, the aliases that lead to the name, and a SOA or OPT record.
const MaxOctets = dns.MaxMsgSize - 4096

// compressed is the size of a record before its RDATA, in octets, if its owner name is a pointer (RFC 1035 section 4.1.4).
const compressed = 12

// AddressOctets returns the size of an A or AAAA record in a reply, in octets.
func AddressOctets(qtype uint16) int {
	if qtype == dns.TypeA {
		return compressed + 4
	}
	return compressed + 16
}

// Octets returns the size of a record in a reply, in octets. The record has no owner yet.
func Octets(rr dns.RR) int { return dns.Len(rr) - 1 - 10 + compressed }

// FittingAddrs returns how many addresses of a list, all of one family, fit into a reply.
func FittingAddrs(addrs []target.Addr) int {
	if len(addrs) == 0 {
		return 0
	}
	qtype := dns.TypeA
	if addrs[0].Is6() {
		qtype = dns.TypeAAAA
	}
	return min(len(addrs), MaxOctets/AddressOctets(qtype))
}

// FittingRRs returns how many records of a list fit into a reply.
func FittingRRs(rrs []dns.RR) int {
	room := MaxOctets
	for i, rr := range rrs {
		if room -= Octets(rr); room < 0 {
			return min(i, MaxRecords)
		}
	}
	return min(len(rrs), MaxRecords)
}
