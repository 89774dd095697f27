package statuspage

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// However many ask, what there is is taken once, and they are all shown that.
func TestStateIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := web()
		source.begin = func() { time.Sleep(300 * time.Millisecond) }
		s := New(source, t.Errorf)
		defer s.Shutdown()
		var clients sync.WaitGroup
		for range 10 * atOnce {
			clients.Go(func() {
				if w := requestOf(s.Handler(), http.MethodGet, "/"); w.Code != http.StatusOK {
					t.Errorf("status %d", w.Code)
				}
			})
		}
		clients.Wait()
		if n := source.taken.Load(); n != 1 {
			t.Errorf("taken %d times", n)
		}
	})
}

// What is shown is about a second old at most, and older only where it takes long.
func TestStateIsFresh(t *testing.T) {
	for cost, fresh := range map[time.Duration]time.Duration{0: freshFor, 50 * time.Millisecond: freshFor, 500 * time.Millisecond: 5 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			source := web()
			source.begin = func() { time.Sleep(cost) }
			s := New(source, t.Errorf)
			defer s.Shutdown()
			taken := func() int32 {
				requestOf(s.Handler(), http.MethodGet, "/")
				return source.taken.Load()
			}
			taken()
			time.Sleep(fresh)
			if n := taken(); n != 1 {
				t.Errorf("cost %s: taken %d times within %s", cost, n, fresh)
			}
			time.Sleep(time.Millisecond)
			if n := taken(); n != 2 {
				t.Errorf("cost %s: taken %d times after %s", cost, n, fresh)
			}
		})
	}
}

// When nobody asks any more, the memory goes back.
func TestStateIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(web(), t.Errorf)
		defer s.Shutdown()
		kept := func() bool {
			s.views.turn <- struct{}{}
			defer func() { <-s.views.turn }()
			return s.views.current != nil
		}
		requestOf(s.Handler(), http.MethodGet, "/")
		time.Sleep(keptFor - time.Second)
		requestOf(s.Handler(), http.MethodGet, "/")
		time.Sleep(keptFor - time.Second)
		if !kept() {
			t.Error("dropped although somebody asked")
		}
		time.Sleep(2 * time.Second)
		if kept() {
			t.Error("kept although nobody asked")
		}
		requestOf(s.Handler(), http.MethodGet, "/")
		s.Shutdown()
		if kept() {
			t.Error("kept after the end")
		}
	})
}

// A client that waits while all are busy is told so after a while, and others are served again later.
func TestTooManyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source, stuck := web(), make(chan struct{})
		source.begin = func() { <-stuck }
		s := New(source, t.Errorf)
		var clients sync.WaitGroup
		for range atOnce {
			clients.Go(func() { requestOf(s.Handler(), http.MethodGet, "/") })
		}
		synctest.Wait()
		began := time.Now()
		w := requestOf(s.Handler(), http.MethodGet, "/")
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || time.Since(began) != patience {
			t.Errorf("status %d after %s", w.Code, time.Since(began))
		}
		close(stuck)
		clients.Wait()
		if w := requestOf(s.Handler(), http.MethodGet, "/"); w.Code != http.StatusOK {
			t.Errorf("status %d", w.Code)
		}
		s.Shutdown()
	})
}

// Names are counted once, whatever they have, and answer if anything of them does.
func TestNamesAreCounted(t *testing.T) {
	v := newView(mixed().State())
	if v.names != 7 || v.answering != 3 {
		t.Errorf("%d names, %d answer", v.names, v.answering)
	}
	v = newView(knows("a.example.com. A 192.0.2.1 60 Ingress default/a answers", "a.example.com. AAAA 2001:db8::1 60 Ingress default/a answers").State())
	if v.names != 1 || v.answering != 1 {
		t.Errorf("%d names, %d answer", v.names, v.answering)
	}
	v = newView(web().State())
	if v.names != 7 || v.answering != 5 {
		t.Errorf("%d names, %d answer", v.names, v.answering)
	}
}
