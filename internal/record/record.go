package record

import (
	"cmp"
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// Record holds the DNS data of one object. It is immutable once stored.
type Record struct {
	Meta
	Sent
	Entries []Entry // in order of name; a name has one entry for each setIdentifier and type
	Joined  *Joined // of bindings, and of Services that answer with their endpoints; nil for all other records
}

// Joined is the part of a record that only joined objects need. One of its two fields is set. One pointer for both keeps type single
// in its size class of the heap.
type Joined struct {
	Routes  RouteSet         // bindings only: the routes that share the binding
	Service *EndpointService // a Service that answers with its endpoints; the record has no entries
}

// Routes returns the routes that share a binding, or nil if the record is no binding.
func (r *Record) Routes() *RouteSet {
	if r.Joined == nil || r.Joined.Service != nil {
		return nil
	}
	return &r.Joined.Routes
}

// EndpointService returns the Service that answers with its endpoints, or nil if the record is of any other object.
func (r *Record) EndpointService() *EndpointService {
	if r.Joined == nil {
		return nil
	}
	return r.Joined.Service
}

// single is a record of one name together with its entry, data and addresses, in one allocation. Most records are such. One
// allocation is less work for the garbage collector (BenchmarkGC) and for a query.
type single struct {
	Record
	entry [1]Entry
	data  Data
	addrs [2]target.Addr
}

// Packed returns a record of one name as a single allocation, and any other record as it is.
func (r *Record) Packed() *Record {
	if len(r.Entries) != 1 {
		return r
	}
	s := &single{Record: *r, data: *r.Entries[0].Data}
	s.entry[0] = Entry{r.Entries[0].Name, &s.data}
	s.Entries = s.entry[:]
	if n := len(s.data.Addrs); n > 0 && n <= len(s.addrs) {
		copy(s.addrs[:], s.data.Addrs)
		s.data.Addrs = s.addrs[:n:n]
	}
	return &s.Record
}

// Settle sorts the entries, and unites those of the same name, setIdentifier and type. A lookup must not have to do so: an object may
// have thousands.
func (r *Record) Settle() {
	slices.SortStableFunc(r.Entries, Entry.compare)
	kept, u := r.Entries[:0], uniter{}
	for len(r.Entries) > 0 {
		n := 1
		for n < len(r.Entries) && r.Entries[n].compare(r.Entries[0]) == 0 {
			n++
		}
		kept = append(kept, u.unite(r.Entries[:n]))
		r.Entries = r.Entries[n:]
	}
	r.Entries = slices.Clip(kept)
}

// At returns the entries of a name.
func (r *Record) At(name string) []Entry {
	if len(r.Entries) == 1 && r.Entries[0].Name == name {
		return r.Entries
	}
	i, _ := slices.BinarySearchFunc(r.Entries, name, func(e Entry, name string) int { return cmp.Compare(e.Name, name) })
	j := i
	for j < len(r.Entries) && r.Entries[j].Name == name {
		if j++; j == i+MaxShort { // an object may have thousands of setIdentifiers at a name
			n, _ := slices.BinarySearchFunc(r.Entries[j:], name, func(e Entry, name string) int {
				if e.Name == name {
					return -1
				}
				return 1
			})
			return r.Entries[i : j+n]
		}
	}
	return r.Entries[i:j]
}

// Identified reports whether the entry has a setIdentifier. Such entries have addresses or aliases only, and come last at their name.
func (e *Entry) Identified() bool { return e.Data.Steering != nil && e.Data.Steering.ID != "" }

// All returns the entries. A nil record has none.
func (r *Record) All() []Entry {
	if r == nil {
		return nil
	}
	return r.Entries
}

// CountNames returns how many different names the record has.
func (r *Record) CountNames() (n int64) {
	entries := r.All()
	for i := range entries {
		if i == 0 || entries[i].Name != entries[i-1].Name {
			n++
		}
	}
	return n
}

// ByName is the number of the index of records by owner name, which OwnerNames defines.
const ByName = 0

// OwnerNames files a record under the owner names that it claims (store.New).
func OwnerNames(r *Record, file func(string)) {
	for i := range r.Entries {
		file(r.Entries[i].Name)
	}
}
