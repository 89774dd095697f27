package gateway

import (
	"bytes"
	"cmp"
	"fmt"

	"github.com/miekg/dns"
	"k8s.io/utils/third_party/forked/golang/btree"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// sharedFrom is how many objects of a kind have to share a name for a union to be kept. Fewer are united when a question comes.
const sharedFrom = 4

// union is what the objects that share a name say together, kept up to date as they come and go, so that a question costs by
// the size of its answer and not by the number of objects (N7). A change costs by what its object says. Questions read a copy
// that shares its nodes with the tree (copy-on-write). All but said is guarded by Gateway.writing.
type union struct {
	tree  *btree.BTree[item]
	parts map[*record.Record][]part
	said  *btree.BTree[item] // as questions see it; guarded by Gateway.mu
}

// part is what one entry of an object was counted with: of a binding, the targets that its Gateway had then.
type part struct {
	*record.Data
	targets *record.Targets
}

// item is one thing that objects say at a name, and how many do. What is ordered comes first.
type item struct {
	class  class
	rrtype uint16
	ttl    uint32
	addr   target.Addr
	text   string
	n      int
	rr     dns.RR
	rec    *record.Record
}

type class uint8

const (
	addrItem    class = iota // rrtype and addr
	hostItem                 // text is a hostname of objects without addresses
	hostTTLItem              // ttl, and text is the hostname where an object has but one
	cnameItem                // text is the CNAME of DNSEndpoints, ttl
	rrItem                   // rrtype, and text orders rr
	portsItem                // there are SRV records of Services
	ttlItem                  // rrtype and ttl of addresses or records
	sourceItem               // rrtype, 0 for targets, and text orders rec, which has data
	recordItem               // text names rec
)

func (a item) less(b item) bool {
	if a.class != b.class {
		return a.class < b.class
	}
	if a.class == cnameItem && a.text != b.text {
		return a.text < b.text
	}
	return cmp.Or(cmp.Compare(a.rrtype, b.rrtype), cmp.Compare(a.ttl, b.ttl), bytes.Compare(a.addr[:], b.addr[:]), cmp.Compare(a.text, b.text)) < 0
}

func newUnion() *union {
	return &union{tree: btree.New(16, item.less), parts: map[*record.Record][]part{}}
}

// add counts what a record says at a name.
func (u *union) add(s *served, name string, rec *record.Record) {
	var parts []part
	for _, e := range rec.At(name) {
		p := part{e.Data, &e.Data.Targets}
		if e.Data.Gateway != (store.Key{}) {
			p.targets = s.join.via(e.Data.Gateway)
		}
		parts = append(parts, p)
	}
	u.parts[rec] = parts
	u.count(name, rec, 1)
}

// remove takes back what add counted.
func (u *union) remove(name string, rec *record.Record) {
	u.count(name, rec, -1)
	delete(u.parts, rec)
}

// moved reports whether a record has other targets than it was counted with.
func (u *union) moved(s *served, rec *record.Record) bool {
	for _, p := range u.parts[rec] {
		if p.Gateway != (store.Key{}) && p.targets != s.join.via(p.Gateway) {
			return true
		}
	}
	return false
}

func (u *union) count(name string, rec *record.Record, by int) {
	key := orderedBy(rec)
	for _, p := range u.parts[rec] {
		u.countPart(name, p, by)
		if len(p.RRs) > 0 || p.CNAME != "" || len(p.targets.Addrs)+len(p.targets.Hosts) > 0 {
			source := item{class: sourceItem, text: key, rec: rec}
			if len(p.RRs) > 0 {
				source.rrtype = p.RRs[0].Header().Rrtype
			}
			u.change(source, by)
		}
	}
	u.change(item{class: recordItem, text: key, rec: rec}, by)
}

func (u *union) countPart(name string, p part, by int) {
	for i, rr := range p.RRs {
		rrtype := rr.Header().Rrtype
		u.change(item{class: rrItem, rrtype: rrtype, text: rr.String(), rr: rr}, by)
		if i == 0 {
			u.change(item{class: ttlItem, rrtype: rrtype, ttl: p.TTL}, by)
		}
	}
	if p.Ports && len(p.RRs) > 0 {
		u.change(item{class: portsItem}, by)
	}
	if v4, v6 := target.Split(p.targets.Addrs); len(v4)+len(v6) > 0 {
		u.countAddrs(dns.TypeA, p.TTL, v4, by)
		u.countAddrs(dns.TypeAAAA, p.TTL, v6, by)
		return
	}
	hosts, last := 0, ""
	for _, host := range p.targets.Hosts {
		if host != name { // C5
			u.change(item{class: hostItem, text: host}, by)
			hosts, last = hosts+1, host
		}
	}
	if hosts > 1 {
		last = ""
	}
	if hosts > 0 {
		u.change(item{class: hostTTLItem, ttl: p.TTL, text: last}, by)
	}
	if p.CNAME != "" && p.CNAME != name {
		u.change(item{class: cnameItem, ttl: p.TTL, text: p.CNAME}, by)
	}
}

func (u *union) countAddrs(rrtype uint16, ttl uint32, addrs []target.Addr, by int) {
	for _, a := range addrs {
		u.change(item{class: addrItem, rrtype: rrtype, addr: a}, by)
	}
	if len(addrs) > 0 {
		u.change(item{class: ttlItem, rrtype: rrtype, ttl: ttl}, by)
	}
}

// change counts an item.
func (u *union) change(i item, by int) {
	if old, ok := u.tree.Get(i); ok {
		i.n = old.n
	}
	if i.n += by; i.n > 0 {
		u.tree.ReplaceOrInsert(i)
	} else {
		u.tree.Delete(i)
	}
}

// orderedBy names a record among those of its kind and cluster at a name: by its object, or by what makes a binding.
func orderedBy(r *record.Record) string {
	if r.RouteSet == nil {
		return r.Key().String()
	}
	d := r.Entries[0].Data
	return binding{gateway: d.Gateway, ttl: d.TTL, own: d.Own, ready: d.Ready}.ordered()
}

func (b binding) ordered() string {
	digest := ""
	if b.own != nil {
		digest = string(b.own.Digest[:])
	}
	return fmt.Sprintf("%s %d %t %s", b.gateway, b.ttl, b.ready, digest)
}

// unionChange is what a change makes of the union of a name, ready to be seen.
type unionChange struct {
	changed bool
	union   *union // nil for none
	said    *btree.BTree[item]
}

// prepare works out the union of a name for a record that replaces another, nil being none. The caller holds writing.
func (s *served) prepare(name string, old, new *record.Record) unionChange {
	if old == new {
		return unionChange{}
	}
	u, n := s.unions[name], s.index.CountByValue(record.ByName, name)
	if old != nil {
		n--
	}
	if new != nil {
		n++
	}
	switch {
	case u == nil && n < sharedFrom:
		return unionChange{}
	case u == nil:
		u = newUnion()
		found := s.index.ByValue(record.ByName, name)
		for _, rec := range found.All() {
			if rec != old {
				u.add(s, name, rec)
			}
		}
	case n < sharedFrom-1: // one more than that comes and goes without a new union each time
		return unionChange{changed: true}
	case old != nil:
		u.remove(name, old)
	}
	if new != nil {
		u.add(s, name, new)
	}
	return unionChange{true, u, u.tree.Clone()}
}

// publish has questions see the union. The caller holds mu.
func (c unionChange) publish(s *served, name string) {
	switch {
	case !c.changed:
	case c.union == nil:
		delete(s.unions, name)
	default:
		if s.unions == nil {
			s.unions = map[string]*union{}
		}
		c.union.said = c.said
		s.unions[name] = c.union
	}
}

// recount counts a record anew whose Gateway has other targets, where many share its name.
func (g *Gateway) recount(s *served, name string, find func() *record.Record) {
	g.writing.Lock()
	defer g.writing.Unlock()
	u := s.unions[name]
	if u == nil {
		return
	}
	rec := find()
	if !u.moved(s, rec) {
		return
	}
	u.remove(name, rec)
	u.add(s, name, rec)
	said := u.tree.Clone()
	g.mu.Lock()
	u.said = said
	g.mu.Unlock()
}
