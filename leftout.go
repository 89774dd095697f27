package gateway

import (
	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// leftOut is an object that claims names and does not count. Those are kept for explanations and the status page only.
type leftOut struct {
	record.Meta
	reason string
	names  []string // canonical
	quiet  bool     // nobody expects it to count: it is no row of the status page
}

// leftOuts are those of an informer. Nil keeps none.
type leftOuts struct{ *store.Store[leftOut] }

func newLeftOuts() *leftOuts {
	return &leftOuts{store.New((*leftOut).Key, func(l *leftOut, file func(string)) {
		for _, name := range l.names {
			file(name)
		}
	})}
}

func (l *leftOuts) put(key string, obj *leftOut) {
	if l == nil {
		return
	}
	if old := l.Store.Get(store.ParseKey(key)); old != nil || obj != nil {
		l.Store.Replace(old, obj)
	}
}

// keys returns those of a namespace, or all where it is empty.
func (l *leftOuts) keys(namespace string) []string {
	if l == nil {
		return nil
	}
	return store.Within[leftOut]{Store: l.Store, Namespace: namespace}.ListKeys()
}

func (l *leftOuts) get(key string) *leftOut {
	if l == nil {
		return nil
	}
	return l.Store.Get(store.ParseKey(key))
}

// list returns those that somebody may expect to count.
func (l *leftOuts) list() (list []*leftOut) {
	if l == nil {
		return nil
	}
	for _, obj := range l.Store.ListInBatches() {
		if !obj.quiet {
			list = append(list, obj)
		}
	}
	return list
}

// claiming returns at most so many of those that claim a name, or a wildcard of the sort that reaches it. Thousands may, and a question must not
// cost more for it.
func (l *leftOuts) claiming(name string, sort dnsname.Sort, most int) (list []*leftOut) {
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
		if host = host && !dnsname.IsAttribute(below); !ok || sort == dnsname.OneLabel && depth > 1 || sort != dnsname.Closest && !host {
			break
		}
		if wildcard := dnsname.Join("*", above); wildcard != name {
			add(wildcard)
		}
		below = above
	}
	return list
}
