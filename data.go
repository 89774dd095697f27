package gateway

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"

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
	endpoint uint16      // A, AAAA or CNAME, where that is what a DNSEndpoint says
	cname    string      // of a DNSEndpoint: canonical
	rrs      []dns.RR    // of one type that is none of the above; without owner and TTL
	ports    bool        // rrs are SRV records of a Service, whose target must not be an alias
	via      objectKey   // the Gateway whose targets these are, in place of targets; empty for none
	own      *ownTargets // bindings only: that the route has in place of the Gateway's; nil for none
	ready    bool        // bindings only: there is a target
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

func (t *targets) equal(u *targets) bool {
	return slices.Equal(t.addrs, u.addrs) && slices.Equal(t.hosts, u.hosts)
}

// ownTargets are those that a route states in an annotation. The digest is compared in their place: there may be thousands
// of them, and thousands of names that they are for (N7).
type ownTargets struct {
	targets
	digest [sha256.Size]byte
}

// newOwnTargets takes targets that are in order. No targets are none.
func newOwnTargets(t *targets) *ownTargets {
	if t == nil {
		return nil
	}
	h := sha256.New()
	for _, a := range t.addrs {
		h.Write(a[:])
	}
	for _, host := range t.hosts {
		h.Write([]byte(host + ","))
	}
	return &ownTargets{*t, [sha256.Size]byte(h.Sum(nil))}
}

// compare orders targets, none first.
func (t *ownTargets) compare(u *ownTargets) int {
	switch {
	case t == u:
		return 0
	case t == nil:
		return -1
	case u == nil:
		return 1
	}
	return bytes.Compare(t.digest[:], u.digest[:])
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

// uniter unites what an object says of a name in several places. Names that have the same parts share what comes of
// them: an object may have thousands of names, each with thousands of addresses (N7).
type uniter struct{ united map[[2]*data]*data }

// unite makes one entry of those that have the same name and type in one object. An entry without data has no say in
// the TTL, and of several CNAMEs the first counts (D3).
func (u *uniter) unite(entries []entry) entry {
	var d *data
	for i := range entries {
		e := &entries[i]
		switch {
		case !e.usable() || d != nil && e.data.cname != d.cname:
		case d == nil:
			d = e.data
		default:
			d = u.both(d, e.data)
		}
	}
	if d == nil {
		return entries[0]
	}
	return entry{entries[0].name, d}
}

// both returns what two data of the same type say together. The TTL of an RRset is the least of its parts' (Z15).
func (u *uniter) both(a, b *data) *data {
	if a == b {
		return a
	}
	if d := u.united[[2]*data{a, b}]; d != nil {
		return d
	}
	d := a
	if a.ttl > b.ttl || len(b.rrs) > 0 || !containsAll(a.addrs, b.addrs, target.Addr.Compare) || !containsAll(a.hosts, b.hosts, cmp.Compare[string]) {
		more := *a.others
		more.rrs = sortRRs(slices.Concat(a.rrs, b.rrs))
		d = &data{min(a.ttl, b.ttl), targets{slices.Concat(a.addrs, b.addrs), slices.Concat(a.hosts, b.hosts)}, &more}
		d.targets.sort()
	}
	if u.united == nil {
		u.united = map[[2]*data]*data{}
	}
	u.united[[2]*data{a, b}] = d
	return d
}

// containsAll reports whether a sorted list holds all values of another.
func containsAll[T any](list, values []T, compare func(a, b T) int) bool {
	for _, v := range values {
		if _, ok := slices.BinarySearchFunc(list, v, compare); !ok {
			return false
		}
	}
	return true
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
