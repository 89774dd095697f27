package gateway

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/gatewayapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/nameserver"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// live is a fixture in front of what the API server of each cluster does: objects stay, an informer is told
// of those that its watch selects, also if it is demanded after they came, and of one that no longer is as
// of one that went away.
type live struct {
	*fixture
	stored []map[string]kube.Object // in each cluster, by type and key
	told   map[*kube.Informer]map[string]bool
	empty  int // names in the table at the start
}

// newLive also checks, when the test ends, that nothing is left once all objects are gone.
func newLive(t testing.TB, stanza string, manifests ...string) *live {
	t.Helper()
	l := newFresh(t, stanza, manifests...)
	t.Cleanup(l.drain)
	return l
}

// newFresh is newLive without that.
func newFresh(t testing.TB, stanza string, manifests ...string) *live {
	t.Helper()
	l := &live{fixture: unlisted(t, stanza), told: map[*kube.Informer]map[string]bool{}}
	l.empty = l.Names.Len()
	for n := range l.Clusters {
		l.stored = append(l.stored, map[string]kube.Object{})
		l.catchUp(n)
	}
	l.apply(manifests...)
	return l
}

func (l *live) apply(manifests ...string)  { l.t.Helper(); l.applyTo(0, manifests...) }
func (l *live) remove(manifests ...string) { l.t.Helper(); l.removeFrom(0, manifests...) }

// applyTo and removeFrom are apply and remove in one of several clusters.
func (l *live) applyTo(cluster int, manifests ...string) {
	l.t.Helper()
	for _, obj := range decode(l.t, strings.Join(manifests, "\n---\n")) {
		l.update(cluster, obj)
	}
}

func (l *live) removeFrom(cluster int, manifests ...string) {
	l.t.Helper()
	for _, obj := range decode(l.t, strings.Join(manifests, "\n---\n")) {
		l.delete(cluster, obj)
	}
}

func objectID(obj kube.Object) string {
	return fmt.Sprintf("%T %s", obj, kube.MetaOf(obj).Key().String())
}

func (l *live) update(cluster int, obj kube.Object) {
	l.t.Helper()
	l.stored[cluster][objectID(obj)] = obj
	for _, i := range l.Clusters[cluster].Demanded() {
		l.tell(i, obj)
	}
	l.catchUp(cluster)
}

func (l *live) delete(cluster int, obj kube.Object) {
	l.t.Helper()
	delete(l.stored[cluster], objectID(obj))
	for _, i := range l.Clusters[cluster].Demanded() {
		if l.told[i][objectID(obj)] {
			l.process(i, cache.Deleted, obj)
		}
	}
	l.catchUp(cluster)
}

// tell lets an informer know of an object that is new or has changed.
func (l *live) tell(i *kube.Informer, obj kube.Object) {
	l.t.Helper()
	if selects(i, obj) {
		l.process(i, cache.Updated, obj)
	} else if l.told[i][objectID(obj)] {
		l.process(i, cache.Deleted, obj)
	}
}

// selects reports whether the watch of an informer has an object.
func selects(i *kube.Informer, obj kube.Object) bool {
	selector, err := labels.Parse(i.Resource.Labels)
	return err == nil && reads(i, obj) && holds(i.Resource, obj) && selector.Matches(labels.Set(obj.GetLabels()))
}

func (l *live) process(i *kube.Informer, change cache.DeltaType, obj kube.Object) {
	l.t.Helper()
	defer func() {
		if p := recover(); p != nil {
			l.t.Errorf("%s %s: panic: %v", change, objectID(obj), p)
		}
	}()
	l.told[i][objectID(obj)] = change != cache.Deleted
	send(l.t, i, change, obj)
}

// catchUp lists for the informers that are new.
func (l *live) catchUp(cluster int) {
	l.t.Helper()
	for again := true; again; {
		again = false
		for _, i := range l.Clusters[cluster].Demanded() {
			if l.told[i] != nil {
				continue
			}
			l.told[i], again = map[string]bool{}, true
			for _, id := range slices.Sorted(maps.Keys(l.stored[cluster])) {
				l.tell(i, l.stored[cluster][id])
			}
			i.Settle()
		}
	}
}

// drain removes every object. Nothing may be left of them.
func (l *live) drain() {
	l.t.Helper()
	for n, objects := range l.stored {
		for _, id := range slices.Sorted(maps.Keys(objects)) {
			l.delete(n, objects[id])
		}
	}
	if got := l.Names.Len(); got != l.empty {
		l.t.Errorf("%d names in the table when all objects are gone, %d at the start", got, l.empty)
	}
	for _, k := range l.Served {
		for _, s := range k.Parts {
			if left := s.Records.List(); len(left) > 0 {
				l.t.Errorf("%s: left: %v", k.Name, left)
			}
		}
	}
}

// watched names what is watched in a cluster, in order.
func (l *live) watched(cluster int) (list []string) {
	for _, i := range l.Clusters[cluster].Demanded() {
		list = append(list, i.Title)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// only checks which of some names have an address. Both are lists of names relative to example.com, apart by
// spaces. The others must not exist.
func (f *fixture) only(all, served string) {
	f.t.Helper()
	for _, name := range strings.Fields(served) {
		if !slices.Contains(strings.Fields(all), name) {
			f.t.Errorf("%s is not among %q", name, all)
		}
	}
	for _, name := range strings.Fields(all) {
		question := name + ".example.com. A"
		m, _ := f.query(expect(question).Msg())
		switch want := slices.Contains(strings.Fields(served), name); {
		case m == nil:
			f.t.Errorf("%s: no reply", question)
		case want && len(m.Answer) == 0:
			f.t.Errorf("%s: no answer, %s", question, dns.RcodeToString[m.Rcode])
		case !want && (len(m.Answer) > 0 || m.Rcode != dns.RcodeNameError):
			f.t.Errorf("%s: %s %v, want NXDOMAIN", question, dns.RcodeToString[m.Rcode], m.Answer)
		}
	}
}

const twoClusters = "kubeconfig /one\nkubeconfig /two\n"

// afterEachPut has a check made after every step in which an informer changes its store.
func afterEachPut(t testing.TB, i *kube.Informer, check func()) {
	switch s := i.Storer.(type) {
	case *kube.TypedStorer[record.Record]:
		wrapPut(s, check)
	case *kube.TypedStorer[gatewayapi.Route]:
		wrapPut(s, check)
	case *kube.TypedStorer[gatewayapi.ParentGateway]:
		wrapPut(s, check)
	case *kube.TypedStorer[gatewayapi.ListenerSet]:
		wrapPut(s, check)
	case *kube.TypedStorer[gatewayapi.Namespace]:
		wrapPut(s, check)
	case *kube.TypedStorer[nameserver.Service]:
		wrapPut(s, check)
	default:
		t.Fatalf("%T", i.Storer)
	}
}

func wrapPut[R any](s *kube.TypedStorer[R], check func()) {
	put := s.Put
	s.Put = func(old, new *R) { put(old, new); check() }
}
