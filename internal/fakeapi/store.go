package fakeapi

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
)

// change is a change of one object. Objects are immutable once stored.
type change struct {
	version  int
	old, new *unstructured.Unstructured // nil for none
}

// store holds the objects of every resource and the changes that led to them.
type store struct {
	mu      sync.Mutex
	version int // of the last change, of whatever resource
	objects map[*resource]map[string]*unstructured.Unstructured
	log     map[*resource][]change

	watches map[*position]bool
	changed chan struct{} // closed, and replaced, when anything here changes

	sent      int                // objects that lists and watches were sent
	unwatched map[*selection]int // lists whose watch has not been opened yet
	selected  map[selection]*selection
}

// selection is the objects that a list or a watch asks for.
type selection struct {
	*resource
	namespace, name, labels string // empty for all
}

// position is how far a watch has come in the log of its resource.
type position struct {
	*selection
	next int
}

func newStore() *store {
	return &store{
		objects: map[*resource]map[string]*unstructured.Unstructured{}, log: map[*resource][]change{},
		watches: map[*position]bool{}, changed: make(chan struct{}),
		unwatched: map[*selection]int{}, selected: map[selection]*selection{},
	}
}

// wake tells whoever waits that something has changed. s.mu is held.
func (s *store) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// put stores an object, or removes the one that is stored where new is nil.
func (s *store) put(r *resource, key string, new *unstructured.Unstructured) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.objects[r][key]
	if old == nil && new == nil {
		return
	}
	s.version++
	if s.objects[r] == nil {
		s.objects[r] = map[string]*unstructured.Unstructured{}
	}
	if new == nil {
		delete(s.objects[r], key)
	} else {
		new.SetResourceVersion(versionText(s.version))
		s.objects[r][key] = new
	}
	s.log[r] = append(s.log[r], change{s.version, old, new})
	s.wake()
}

// list returns the objects of a selection in the order of their keys, and the version they are at.
func (s *store) list(sel *selection) (list []*unstructured.Unstructured, version int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unwatched[sel]++
	list = s.matching(sel)
	s.sent += len(list)
	return list, s.version
}

func (s *store) matching(sel *selection) (list []*unstructured.Unstructured) {
	for _, key := range slices.Sorted(maps.Keys(s.objects[sel.resource])) {
		if obj := s.objects[sel.resource][key]; sel.matches(obj) {
			list = append(list, obj)
		}
	}
	return list
}

// watch begins a watch after a version. Where initial is true, it begins with the objects that there are.
func (s *store) watch(sel *selection, after int, initial bool) (pos *position, list []*unstructured.Unstructured, version int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	pos = &position{selection: sel, next: len(s.log[sel.resource])}
	if initial {
		list = s.matching(sel)
		s.sent += len(list)
	} else {
		for pos.next > 0 && s.log[sel.resource][pos.next-1].version > after {
			pos.next--
		}
		if s.unwatched[sel] > 0 {
			s.unwatched[sel]--
		}
	}
	s.watches[pos] = true
	s.wake()
	return pos, list, s.version
}

// unwatch ends a watch.
func (s *store) unwatch(pos *position) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.watches, pos)
	s.wake()
}

// event is what a watch is told.
type event struct {
	kind    string // ADDED, MODIFIED or DELETED
	version int
	object  *unstructured.Unstructured
}

// next returns the events that a watch has not seen yet, and what tells when there may be more.
func (s *store) next(pos *position) (list []event, more <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := s.log[pos.resource]
	for _, c := range log[pos.next:] {
		was, is := c.old != nil && pos.matches(c.old), c.new != nil && pos.matches(c.new)
		switch {
		case was && is:
			list = append(list, event{"MODIFIED", c.version, c.new})
		case is:
			list = append(list, event{"ADDED", c.version, c.new})
		case was:
			list = append(list, event{"DELETED", c.version, c.old})
		}
	}
	s.sent += len(list)
	if pos.next < len(log) {
		pos.next = len(log)
		s.wake()
	}
	return list, s.changed
}

// settled waits until every list that was made is watched on, and every watch has been sent what there is. It returns how
// many objects have been sent.
func (s *store) settled(ctx context.Context) (sent int, err error) {
	for {
		s.mu.Lock()
		settled := true
		for _, n := range s.unwatched {
			settled = settled && n == 0
		}
		for pos := range s.watches {
			settled = settled && pos.next == len(s.log[pos.resource])
		}
		sent, changed := s.sent, s.changed
		s.mu.Unlock()
		if settled {
			return sent, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return sent, fmt.Errorf("clients do not watch: %s: %w", s.waiting(), ctx.Err())
		}
	}
}

// ended returns a function that waits until the watches that are open now have ended. Lists that nobody watches on yet are those of the
// next client, if the one before had settled.
func (s *store) ended() func(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := maps.Clone(s.watches)
	return func(ctx context.Context) error {
		for {
			s.mu.Lock()
			open, changed := 0, s.changed
			for pos := range before {
				if s.watches[pos] {
					open++
				}
			}
			s.mu.Unlock()
			if open == 0 {
				return nil
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return fmt.Errorf("%d watches have not ended: %w", open, ctx.Err())
			}
		}
	}
}

// waiting names what is listed and not watched.
func (s *store) waiting() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for sel, n := range s.unwatched {
		if n > 0 {
			list = append(list, fmt.Sprintf("%s in %q named %q with %q", sel.plural, sel.namespace, sel.name, sel.labels))
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// selection returns the same pointer for the same selection.
func (s *store) selection(sel selection) *selection {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.selected[sel] == nil {
		s.selected[sel] = &sel
	}
	return s.selected[sel]
}

func (s *selection) matches(obj *unstructured.Unstructured) bool {
	selector, err := labels.Parse(s.labels)
	return err == nil && selector.Matches(labels.Set(obj.GetLabels())) &&
		(s.namespace == "" || s.namespace == obj.GetNamespace()) && (s.name == "" || s.name == obj.GetName())
}
