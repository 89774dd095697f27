package gateway

import (
	"cmp"
	"net/netip"
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
	entries []entry // ordered by name; a name may stand more than once
	routes  int     // bindings only: how many routes stand behind it; see join
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
	cname string   // of a DNSEndpoint: canonical
	rrs   []dns.RR // of one type that is none of the above; without owner and TTL
	via   string   // key of the Gateway whose targets these are, in place of targets
	ready bool     // via only: the Gateway has a target
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
func (d *data) cut() bool { return len(d.rrs) > 0 && d.rrs[0].Header().Rrtype == dns.TypeNS }

func (r *record) sort() {
	slices.SortStableFunc(r.entries, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	r.entries = slices.Clip(r.entries)
}

// at returns the entries that bear a name.
func (r *record) at(name string) []entry {
	if len(r.entries) == 1 {
		return r.entries
	}
	i, _ := slices.BinarySearchFunc(r.entries, name, func(e entry, name string) int { return cmp.Compare(e.name, name) })
	j := i
	for j < len(r.entries) && r.entries[j].name == name {
		j++
	}
	return r.entries[i:j]
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
	return s.join == nil || s.join.settled()
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
	g.zones.changed(old, new)
}
