package record

import (
	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// Unserved is an object that claims names and is not served, with the reason. It is kept for explanations and the status page only.
type Unserved struct {
	Meta
	Reason  string
	Names   []string // canonical
	HideRow bool     // the object is not expected to be served, so the status page has no row for it
}

// UnservedStore holds the unserved objects of an informer. A nil store is empty.
type UnservedStore struct{ *store.Store[Unserved] }

// NewUnservedStore returns an empty store.
func NewUnservedStore() *UnservedStore {
	return &UnservedStore{store.New((*Unserved).Key, func(l *Unserved, file func(string)) {
		for _, name := range l.Names {
			file(name)
		}
	})}
}

// Put stores an object under its key, or removes the key if obj is nil.
func (s *UnservedStore) Put(key string, obj *Unserved) {
	if s == nil {
		return
	}
	if old := s.Store.Get(store.ParseKey(key)); old != nil || obj != nil {
		s.Store.Replace(old, obj)
	}
}

// Keys returns the keys of the objects in a namespace, or of all objects if it is empty.
func (s *UnservedStore) Keys(namespace string) []string {
	if s == nil {
		return nil
	}
	return store.Within[Unserved]{Store: s.Store, Namespace: namespace}.ListKeys()
}

// Get returns the object under a key, or nil.
func (s *UnservedStore) Get(key string) *Unserved {
	if s == nil {
		return nil
	}
	return s.Store.Get(store.ParseKey(key))
}

// List returns the objects that the status page shows.
func (s *UnservedStore) List() (list []*Unserved) {
	if s == nil {
		return nil
	}
	for _, obj := range s.Store.ListInBatches() {
		if !obj.HideRow {
			list = append(list, obj)
		}
	}
	return list
}

// Claiming returns objects that claim a name, or a wildcard of this reach that matches it. It stops once it has most of them, so it
// returns fewer than 2*most: thousands of objects may claim a name, and a question must not cost more for that.
func (s *UnservedStore) Claiming(name string, reach dnsname.Reach, most int) (list []*Unserved) {
	if s == nil {
		return nil
	}
	add := func(claimed string) {
		found := s.Store.ByValue(0, claimed)
		all := found.All()
		list = append(list, all[:min(len(all), most)]...)
	}
	add(name)
	host := true // no label that the asterisk stands for begins with an underscore
	for depth, below := 1, name; len(list) < most; depth++ {
		above, ok := dnsname.Parent(below)
		if host = host && !dnsname.IsUnderscored(below); !ok || reach == dnsname.OneLabel && depth > 1 || reach != dnsname.Closest && !host {
			break
		}
		if wildcard := dnsname.Join("*", above); wildcard != name {
			add(wildcard)
		}
		below = above
	}
	return list
}
