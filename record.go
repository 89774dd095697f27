package gateway

import (
	"cmp"
	"reflect"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// meta names an object. What a store holds embeds it.
type meta struct {
	namespace, name string
	skipped         *skips // what the object says that cannot be served (N5); nil for nothing
}

// sent is how the last list had an object: a hash of what was sent, 0 where a watch had it later. It is no part of what the
// object says, and not read or written but atomically. What is stored of a built-in kind embeds it.
type sent struct{ hash uint64 }

func (s *sent) sum() *uint64 { return &s.hash }

// sumOf returns the hash in a stored object, nil where there is none.
func sumOf[R any](stored *R) *uint64 {
	if s, ok := any(stored).(interface{ sum() *uint64 }); ok && stored != nil {
		return s.sum()
	}
	return nil
}

func (m meta) id() objectKey { return objectKey{m.namespace, m.name} }

func (m meta) key() string { return m.id().String() }

func (m meta) in() string { return m.namespace }

func (m meta) bad() skips {
	if m.skipped == nil {
		return nil
	}
	return *m.skipped
}

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
	sent
	entries  []entry   // ordered by name; a name may stand more than once
	behind   *behind   // bindings only: the routes that it is for
	resolved *resolved // a Service that answers with its endpoints, in place of entries
}

// single is a record of one name with all that is in it, as most are: one piece to allocate, to look at when garbage is
// collected (BenchmarkGC), and to fetch when a query comes.
type single struct {
	record
	entry [1]entry
	data  data
	addrs [2]target.Addr
}

// packed returns the record in one piece, if it has one name.
func (r *record) packed() *record {
	if len(r.entries) != 1 {
		return r
	}
	s := &single{record: *r, data: *r.entries[0].data}
	s.entry[0] = entry{r.entries[0].name, &s.data}
	s.entries = s.entry[:]
	if n := len(s.data.addrs); n > 0 && n <= len(s.addrs) {
		copy(s.addrs[:], s.data.addrs)
		s.data.addrs = s.addrs[:n:n]
	}
	return &s.record
}

// settle puts the entries in order, and makes one of those that give a name records of one type: an
// object may have thousands of them, and a question should not have to unite them.
func (r *record) settle() {
	slices.SortStableFunc(r.entries, entry.compare)
	kept, u := r.entries[:0], uniter{}
	for len(r.entries) > 0 {
		n := 1
		for n < len(r.entries) && r.entries[n].compare(r.entries[0]) == 0 {
			n++
		}
		kept = append(kept, u.unite(r.entries[:n]))
		r.entries = r.entries[n:]
	}
	r.entries = slices.Clip(kept)
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

// comparison remembers which data say the same. Thousands of names of an object share their data, which is compared once
// for all of them (N7).
type comparison struct {
	a, b  *data // compared last
	equal bool
	pairs map[[2]*data]bool // compared before; nil as long as there is one pair
}

func (c *comparison) same(a, b *data) bool {
	if a == b {
		return true
	}
	if c.a == a && c.b == b {
		return c.equal
	}
	equal, known := c.pairs[[2]*data{a, b}]
	if !known {
		equal = reflect.DeepEqual(a, b)
	}
	if c.a != nil && !known {
		if c.pairs == nil {
			c.pairs = map[[2]*data]bool{{c.a, c.b}: c.equal}
		}
		c.pairs[[2]*data{a, b}] = equal
	}
	c.a, c.b, c.equal = a, b, equal
	return equal
}

func (r *record) all() []entry {
	if r == nil {
		return nil
	}
	return r.entries
}

// count returns how many names there are.
func (r *record) count() (n int64) {
	entries := r.all()
	for i := range entries {
		if i == 0 || entries[i].name != entries[i-1].name {
			n++
		}
	}
	return n
}

// byName is the index of records under the names they claim.
const byName = 0

func recordNames(r *record, file func(string)) {
	for i := range r.entries {
		file(r.entries[i].name)
	}
}
