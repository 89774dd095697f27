package store

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

// shares is an object that is filed under one value with others.
type shares struct{ n int }

func sharedStore(n int) (s *Store[shares], objects []*shares) {
	s = New(nil, func(_ *shares, file func(string)) { file("shared") })
	for i := range n {
		objects = append(objects, &shares{i})
		s.Replace(nil, objects[i])
	}
	return s, objects
}

// A slice that a reader holds stays as it was, whatever is added and removed.
func TestReadersKeepTheirSlice(t *testing.T) {
	s, objects := sharedStore(10)
	want := slices.Clone(objects)
	for range 2 { // the second list is one that objects were taken out of already
		found := s.ByValue(0, "shared")
		held := found.All()
		before := slices.Clone(held)
		s.Replace(want[4], nil)
		s.Replace(want[1], nil)
		added := &shares{len(objects)}
		s.Replace(nil, added)
		objects = append(objects, added)
		want = append(slices.Delete(slices.Delete(want, 4, 5), 1, 2), added)
		if !slices.Equal(held, before) {
			t.Error("the slice that the reader holds has changed")
		}
		after := s.ByValue(0, "shared")
		got := slices.SortedFunc(slices.Values(after.All()), func(a, b *shares) int { return a.n - b.n })
		if !slices.Equal(got, want) {
			t.Errorf("%d objects, want %d", len(got), len(want))
		}
	}
	for len(want) > 0 {
		s.Replace(want[0], nil)
		want = want[1:]
		if found := s.ByValue(0, "shared"); len(found.All()) != len(want) {
			t.Errorf("%d objects, want %d", len(found.All()), len(want))
		}
	}
	if i := s.indexes[0]; len(i.one)+len(i.shared) > 0 {
		t.Error("the index is not empty")
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
				s.Replace(objects[i%n], new)
				objects[i%n] = new
			}
		})
	}
}

// N7: ListInBatches releases the lock for writers, and still lists every object that does not change exactly once.
func TestListInBatches(t *testing.T) {
	s := New(func(k *Key) Key { return *k }, func(k *Key, file func(string)) { file(k.Name) })
	object := func(namespace string, i int) *Key { return &Key{namespace, fmt.Sprint(i)} }
	const stay = 5000
	for i := range stay {
		s.Replace(nil, object("stay", i))
	}
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for {
			var coming []*Key
			for i := range 500 {
				coming = append(coming, object("go", i))
				s.Replace(nil, coming[i])
			}
			for _, key := range coming {
				s.Replace(key, nil)
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
		for _, key := range s.ListInBatches() {
			if key.Namespace == "stay" {
				seen[key.Name]++
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
