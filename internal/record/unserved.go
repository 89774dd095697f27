package record

import (
	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// Unserved is an object that claims names and does not count. Those are kept for explanations and the status page only.
type Unserved struct {
	Meta
	Reason  string
	Names   []string // canonical
	HideRow bool     // nobody expects it to count: it is no row of the status page
}

// UnservedStore are those of an informer. Nil keeps none.
type UnservedStore struct{ *store.Store[Unserved] }

// NewUnservedStore returns an empty list.
func NewUnservedStore() *UnservedStore {
	return &UnservedStore{store.New((*Unserved).Key, func(l *Unserved, file func(string)) {
		for _, name := range l.Names {
			file(name)
		}
	})}
}

// Put stores an object under its key, nil being none.
func (l *UnservedStore) Put(key string, obj *Unserved) {
	if l == nil {
		return
	}
	if old := l.Store.Get(store.ParseKey(key)); old != nil || obj != nil {
		l.Store.Replace(old, obj)
	}
}

// Keys returns those of a namespace, or all where it is empty.
func (l *UnservedStore) Keys(namespace string) []string {
	if l == nil {
		return nil
	}
	return store.Within[Unserved]{Store: l.Store, Namespace: namespace}.ListKeys()
}

// Get returns the object under a key, or nil.
func (l *UnservedStore) Get(key string) *Unserved {
	if l == nil {
		return nil
	}
	return l.Store.Get(store.ParseKey(key))
}

// List returns those that somebody may expect to count.
func (l *UnservedStore) List() (list []*Unserved) {
	if l == nil {
		return nil
	}
	for _, obj := range l.Store.ListInBatches() {
		if !obj.HideRow {
			list = append(list, obj)
		}
	}
	return list
}

// Claiming returns at most so many of those that claim a name, or a wildcard of the reach that matches it. Thousands may, and a question must not
// cost more for it.
func (l *UnservedStore) Claiming(name string, reach dnsname.Reach, most int) (list []*Unserved) {
	if l == nil {
		return nil
	}
	add := func(claimed string) {
		found := l.Store.ByValue(0, claimed)
		all := found.All()
		list = append(list, all[:min(len(all), most)]...)
	}
	add(name)
	host := true // no label in place of the asterisk begins with an underscore
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
