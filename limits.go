package gateway

import (
	"fmt"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// What one object may say. No object that means well comes near, and none may take the memory or the time of all.
const (
	maxEntries = 1 << 15 // names, each as often as it has a type: what multiplies, such as names and ports, could be millions
	maxLabels  = 1 << 17 // in all names: each may be a name in between
	maxRecords = 1 << 12 // of one type at a name, if they are small
	maxHosts   = 1 << 10 // of a route, which are matched with every listener

	maxEndpoints = 1 << 15 // of a Service, which are looked at whenever one of them changes

	maxBindings = 1 << 12 // of a route: names under its Gateways
	maxPairs    = 1 << 19 // of a route: hosts matched with listeners
)

// maxOctets is how large the records of one type at a name are, as they stand in a reply: it has room for a question, OPT and
// SOA records and the aliases that lead there besides (RFC 1035 section 4.2.2).
const maxOctets = dns.MaxMsgSize - 4096

const compressed = 12 // octets of a record before its data, the owner name being a pointer (RFC 1035 section 4.1.4)

// addressOctets is the size of an A or AAAA record in a reply.
func addressOctets(qtype uint16) int {
	if qtype == dns.TypeA {
		return compressed + 4
	}
	return compressed + 16
}

// octets is the size of a record in a reply. It has no owner yet.
func octets(rr dns.RR) int { return dns.Len(rr) - 1 - 10 + compressed }

// fitting returns how many addresses of one family there is room for.
func fitting(addrs []target.Addr) int {
	if len(addrs) == 0 {
		return 0
	}
	qtype := dns.TypeA
	if addrs[0].Is6() {
		qtype = dns.TypeAAAA
	}
	return min(len(addrs), maxOctets/addressOctets(qtype))
}

// fittingRRs returns how many records there is room for.
func fittingRRs(rrs []dns.RR) int {
	room := maxOctets
	for i, rr := range rrs {
		if room -= octets(rr); room < 0 {
			return i
		}
	}
	return min(len(rrs), maxRecords)
}

// settle puts targets in order, and leaves out what is too much. Of the hostnames no more are ever followed.
func (s *skips) settle(t *targets) {
	t.sort()
	if v4, v6 := target.Split(t.addrs); fitting(v4) < len(v4) || fitting(v6) < len(v6) {
		t.addrs = slices.Concat(limited(s, "address", v4, fitting(v4)), limited(s, "address", v6, fitting(v6)))
	}
	t.hosts = limited(s, "name", t.hosts, maxNames)
}

// limited returns the first of a list, and notes how many are left out.
func limited[T any](s *skips, reason string, list []T, most int) []T {
	if len(list) <= most {
		return list
	}
	s.skip(reason, fmt.Sprint(list[most]), fmt.Errorf("and %d more come after %d others, and are too many", len(list)-most-1, most))
	return list[:most:most]
}

// full reports whether the object has no more room for names, and notes it.
func (b *builder) full() bool {
	if len(b.rec.entries)+b.moreRecords < maxEntries && b.labels < maxLabels {
		return false
	}
	if !b.cut {
		b.cut = true
		b.skip("name", b.rec.key(), fmt.Errorf("claims more than %d names or %d labels in them, the rest is left out", maxEntries, maxLabels))
	}
	return true
}

// limit leaves out records of a name that are too many. Data that thousands of names share is looked at once, and the names
// go on sharing what is left of it.
func (b *builder) limit() {
	const large = 64 // values, from which on data is remembered
	var seen map[*data]*data
	for i := range b.rec.entries {
		e := &b.rec.entries[i]
		if len(e.data.addrs)+len(e.data.hosts)+len(e.data.rrs) < large {
			e.data = b.limited(e.data)
			continue
		}
		d := seen[e.data]
		if d == nil {
			if seen == nil {
				seen = map[*data]*data{}
			}
			d = b.limited(e.data)
			seen[e.data] = d
		}
		e.data = d
	}
}

// limited returns the data, or what is left of it where it is too much.
func (b *builder) limited(d *data) *data {
	v4, v6 := target.Split(d.addrs)
	if fitting(v4) == len(v4) && fitting(v6) == len(v6) && len(d.hosts) <= maxNames && fittingRRs(d.rrs) == len(d.rrs) {
		return d
	}
	less, more := *d, *d.others
	less.others = &more
	b.settle(&less.targets)
	more.rrs = limited(&b.skips, "record", more.rrs, fittingRRs(more.rrs))
	return &less
}
