package gateway

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

// shares is an object that is filed under one value with others.
type shares struct{ n int }

func sharedStore(n int) (s *store[shares], objects []*shares) {
	s = newStore(nil, func(_ *shares, file func(string)) { file("shared") })
	for i := range n {
		objects = append(objects, &shares{i})
		s.replace(nil, objects[i])
	}
	return s, objects
}

// What a store gave stays as it was, whatever comes and goes.
func TestStoreGiven(t *testing.T) {
	s, objects := sharedStore(10)
	want := slices.Clone(objects)
	for range 2 { // the second list is one that objects were taken out of already
		found := s.under(0, "shared")
		given := found.all()
		before := slices.Clone(given)
		s.replace(want[4], nil)
		s.replace(want[1], nil)
		added := &shares{len(objects)}
		s.replace(nil, added)
		objects = append(objects, added)
		want = append(slices.Delete(slices.Delete(want, 4, 5), 1, 2), added)
		if !slices.Equal(given, before) {
			t.Error("what was given has changed")
		}
		after := s.under(0, "shared")
		got := slices.SortedFunc(slices.Values(after.all()), func(a, b *shares) int { return a.n - b.n })
		if !slices.Equal(got, want) {
			t.Errorf("%d objects, want %d", len(got), len(want))
		}
	}
	for len(want) > 0 {
		s.replace(want[0], nil)
		want = want[1:]
		if found := s.under(0, "shared"); len(found.all()) != len(want) {
			t.Errorf("%d objects, want %d", len(found.all()), len(want))
		}
	}
	if i := s.indexes[0]; len(i.one)+len(i.more) > 0 {
		t.Error("something is left")
	}
}

// BenchmarkStoreShared replaces objects that share a value.
func BenchmarkStoreShared(b *testing.B) {
	for _, n := range []int{500, 10_000} {
		b.Run(fmt.Sprintf("objects=%d", n), func(b *testing.B) {
			s, objects := sharedStore(n)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				new := &shares{i}
				s.replace(objects[i%n], new)
				objects[i%n] = new
			}
		})
	}
}

// N7: a reader that can do without a point in time lets writers go ahead, and still has what does not change once each.
func TestLooseList(t *testing.T) {
	s := newStore((*record).id, recordNames)
	object := func(namespace string, i int) *record {
		return &record{meta: meta{namespace: namespace, name: fmt.Sprint(i)}, entries: []entry{{fmt.Sprintf("n%d.%s.example.com", i, namespace), &data{others: nothing}}}}
	}
	const stay = 5000
	for i := range stay {
		s.replace(nil, object("stay", i))
	}
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for {
			var coming []*record
			for i := range 500 {
				coming = append(coming, object("go", i))
				s.replace(nil, coming[i])
			}
			for _, rec := range coming {
				s.replace(rec, nil)
			}
			select {
			case <-stop:
				return
			default:
			}
		}
	})
	for range 20 {
		seen := map[string]int{}
		for _, rec := range s.looseList() {
			if rec.namespace == "stay" {
				seen[rec.meta.name]++
			}
		}
		for name, n := range seen {
			if n != 1 {
				t.Errorf("%s is there %d times", name, n)
			}
		}
		if len(seen) != stay {
			t.Errorf("%d objects, want %d", len(seen), stay)
		}
	}
	close(stop)
	writer.Wait()
}
