package gateway

import (
	"cmp"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"github.com/miekg/dns"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/internal/target"
)

// meta names an object. What an indexer holds embeds it.
type meta struct {
	namespace, name string
	skipped         skips // what the object says that cannot be served (N5)
}

func (m meta) key() string {
	if m.namespace == "" {
		return m.name
	}
	return m.namespace + "/" + m.name
}

func (m meta) in() string { return m.namespace }

func (m meta) bad() skips { return m.skipped }

// GetObjectMeta lets client-go find the key of what a transform made (meta.Accessor).
func (m meta) GetObjectMeta() metav1.Object {
	return &metav1.ObjectMeta{Namespace: m.namespace, Name: m.name}
}

// keyOf is the key function of every store: it takes API objects, what transforms made of them, and
// tombstones.
func keyOf(obj any) (string, error) {
	if r, ok := obj.(interface{ key() string }); ok {
		return r.key(), nil
	}
	return cache.DeletionHandlingMetaNamespaceKeyFunc(obj)
}

// record is what one object says in DNS. It is immutable once stored.
type record struct {
	meta
	entries  []entry   // ordered by name; a name may stand more than once
	routes   int       // bindings only: how many routes stand behind it; guarded by join.mu, and for nobody else
	resolved *resolved // a Service that answers with its endpoints, in place of entries
}

// entry files data under a canonical name.
type entry struct {
	name string
	data *data
}

// data is what a name has from one object. Entries share it where they can.
type data struct {
	ttl uint32 // seconds
	targets
	endpoint uint16   // A, AAAA or CNAME, where that is what a DNSEndpoint says
	cname    string   // of a DNSEndpoint: canonical
	rrs      []dns.RR // of one type that is none of the above; without owner and TTL
	via      string   // key of the Gateway whose targets these are, in place of targets
	ready    bool     // via only: the Gateway has a target
}

// targets is what an object points its names at.
type targets struct {
	addrs []netip.Addr // ordered, IPv4 first, each once
	hosts []string     // canonical and ordered, each once; they count where there are no addresses (C1)
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

// settle puts the entries in order, and makes one of those that give a name records of one type: an
// object may have thousands of them, and a question should not have to unite them.
func (r *record) settle() {
	slices.SortStableFunc(r.entries, entry.compare)
	kept := r.entries[:0]
	for len(r.entries) > 0 {
		n := 1
		for n < len(r.entries) && r.entries[n].compare(r.entries[0]) == 0 {
			n++
		}
		kept = append(kept, unite(r.entries[:n]))
		r.entries = r.entries[n:]
	}
	r.entries = slices.Clip(kept)
}

func (e entry) compare(f entry) int {
	return cmp.Or(cmp.Compare(e.name, f.name), cmp.Compare(e.data.rrtype(), f.data.rrtype()))
}

// unite makes one entry of those that have the same name and type in one object. The TTL of an RRset is
// the least of its parts' (Z15).
func unite(entries []entry) entry {
	first := entries[0]
	if len(entries) == 1 && len(first.data.rrs) < 2 {
		return first
	}
	d := *first.data
	d.targets, d.rrs = targets{}, nil
	said := false
	for _, e := range entries {
		if !e.usable() {
			continue // no data, no say in the TTL
		}
		if !said || e.data.ttl < d.ttl {
			d.ttl, said = e.data.ttl, true
		}
		d.addrs = append(d.addrs, e.data.addrs...)
		d.hosts = append(d.hosts, e.data.hosts...)
		d.cname = cmp.Or(d.cname, e.data.cname)
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

// at returns the entries that bear a name.
func (r *record) at(name string) []entry {
	if len(r.entries) == 1 && r.entries[0].name == name {
		return r.entries
	}
	i, _ := slices.BinarySearchFunc(r.entries, name, func(e entry, name string) int { return cmp.Compare(e.name, name) })
	j := i
	for j < len(r.entries) && r.entries[j].name == name {
		j++
	}
	return r.entries[i:j]
}

// without returns the entries that another record does not have in the same way. Nil records have none.
func (r *record) without(other *record) []entry {
	if r == nil || other == nil {
		return r.all()
	}
	var list []entry
	for _, e := range r.entries {
		if !slices.ContainsFunc(other.at(e.name), func(f entry) bool { return reflect.DeepEqual(e.data, f.data) }) {
			list = append(list, e)
		}
	}
	return list
}

func (r *record) all() []entry {
	if r == nil {
		return nil
	}
	return r.entries
}

// byName is the index that files records under the names they claim.
const byName = "name"

func recordNames(obj any) ([]string, error) {
	entries := obj.(*record).entries
	list := make([]string, len(entries))
	for i, e := range entries {
		list[i] = e.name
	}
	return slices.Compact(list), nil
}

// kindServed is a configured kind: what its objects in every cluster say, taken together.
type kindServed struct {
	*kind
	parts []*served
}

func (k *kindServed) complete() bool {
	for _, s := range k.parts {
		if !s.complete() {
			return false
		}
	}
	return true
}

// served is a kind in one cluster: the indexer that holds its records.
type served struct {
	*kind
	cluster   *cluster
	index     cache.Indexer // of *record, by name
	informers []*informer   // what must have been listed before the index is complete
	join      *join         // of a route kind
	also      func() bool   // what else the index waits for; nil for nothing
	beside    *served       // a second indexer of the kind; nil for none
}

func newServed(k *kind, c *cluster) *served {
	return &served{kind: k, cluster: c, index: cache.NewIndexer(keyOf, cache.Indexers{byName: recordNames})}
}

// complete reports whether the index holds all there is.
func (s *served) complete() bool {
	for _, i := range s.informers {
		if !i.settled() {
			return false
		}
	}
	return s.also == nil || s.also()
}

// put replaces the record of an object, nil being none, in the kind's indexer and in the table of
// names, in one step that no lookup sees half of.
func (g *Gateway) put(s *served, old, new *record) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if new != nil {
		_ = s.index.Update(new) // keyOf knows records, so it cannot fail
		for _, e := range new.entries {
			g.names.Add(e.name, s.sort, e.usable())
			if e.data.cut() {
				g.names.AddCut(e.name)
			}
		}
	} else {
		_ = s.index.Delete(old)
	}
	if old != nil {
		for _, e := range old.entries {
			if e.data.cut() {
				g.names.RemoveCut(e.name)
			}
			g.names.Remove(e.name, s.sort, e.usable())
		}
	}
	g.zones.changed(s.sort, old, new)
}
