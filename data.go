package gateway

import (
	"cmp"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// entry files data under a canonical name.
type entry struct {
	name string
	data *data
}

// data is what a name has from one object. Entries share it where they can.
type data struct {
	ttl uint32 // seconds
	targets
	*others
}

// others is what few names have.
type others struct {
	endpoint uint16    // A, AAAA or CNAME, where that is what a DNSEndpoint says
	cname    string    // of a DNSEndpoint: canonical
	rrs      []dns.RR  // of one type that is none of the above; without owner and TTL
	via      objectKey // the Gateway whose targets these are, in place of targets; empty for none
	ready    bool      // via only: the Gateway has a target
}

// nothing is the rest of data that have none. It is never written to.
var nothing = &others{}

// targets is what an object points its names at.
type targets struct {
	addrs []target.Addr // ordered, IPv4 first, each once
	hosts []string      // canonical and ordered, each once; they count where there are no addresses (C1)
}

func (t *targets) sort() {
	t.addrs = target.Sort(t.addrs)
	slices.Sort(t.hosts)
	t.hosts = slices.Clip(slices.Compact(t.hosts))
}

// String returns the targets as an annotation would have them. No targets are none.
func (t *targets) String() string {
	if t == nil {
		return ""
	}
	var list []string
	for _, a := range t.addrs {
		list = append(list, a.String())
	}
	return strings.Join(append(list, t.hosts...), ",")
}

// usable reports whether there is a target that a name can have: a hostname is none for itself (C5).
func (t *targets) usable(name string) bool {
	return len(t.addrs) > 0 || len(t.hosts) > 1 || len(t.hosts) == 1 && t.hosts[0] != name
}

// usable reports whether the entry answers any question.
func (e *entry) usable() bool {
	d := e.data
	return d.targets.usable(e.name) || d.cname != "" || len(d.rrs) > 0 || d.ready
}

// cut reports whether the data delegates the name it is filed under.
func (d *data) cut() bool { return d.rrtype() == dns.TypeNS }

func (e entry) compare(f entry) int {
	return cmp.Or(cmp.Compare(e.name, f.name), cmp.Compare(e.data.rrtype(), f.data.rrtype()))
}

// unite makes one entry of those that have the same name and type in one object. The TTL of an RRset is
// the least of its parts' (Z15).
func unite(entries []entry) entry {
	first := entries[0]
	if len(entries) == 1 {
		return first
	}
	d := *first.data
	more := *first.data.others
	d.targets, d.others, more.rrs, more.cname = targets{}, &more, nil, ""
	said := false
	for _, e := range entries {
		if !e.usable() || e.data.cname != "" && d.cname != "" && e.data.cname != d.cname { // the first CNAME counts (D3)
			continue // no data, no say in the TTL
		}
		if !said || e.data.ttl < d.ttl {
			d.ttl, said = e.data.ttl, true
		}
		d.addrs = append(d.addrs, e.data.addrs...)
		d.hosts = append(d.hosts, e.data.hosts...)
		d.cname = e.data.cname
		d.rrs = append(d.rrs, e.data.rrs...)
	}
	d.targets.sort()
	d.rrs = sortRRs(d.rrs)
	return entry{first.name, &d}
}

// sortRRs orders records by their text and drops repeated ones.
func sortRRs(rrs []dns.RR) []dns.RR {
	type keyed struct {
		text string
		rr   dns.RR
	}
	list := make([]keyed, len(rrs))
	for i, rr := range rrs {
		list[i] = keyed{rr.String(), rr}
	}
	slices.SortStableFunc(list, func(a, b keyed) int { return cmp.Compare(a.text, b.text) })
	list = slices.CompactFunc(list, func(a, b keyed) bool { return a.text == b.text })
	sorted := make([]dns.RR, len(list))
	for i := range list {
		sorted[i] = list[i].rr
	}
	return sorted
}

// rrtype is the type of the data's records; that of the addresses or the CNAME of a DNSEndpoint, which has
// one type; 0 where the data are an object's targets.
func (d *data) rrtype() uint16 {
	if len(d.rrs) > 0 {
		return d.rrs[0].Header().Rrtype
	}
	return d.endpoint
}
