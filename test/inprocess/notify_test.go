package inprocess

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// told keeps the zones that were announced.
type told struct {
	mu    sync.Mutex
	zones []string
}

func (l *told) send(zone string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.zones = append(l.zones, zone)
	return nil
}

// take returns the zones announced since the last call.
func (l *told) take() []string {
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	zones := l.zones
	l.zones = nil
	slices.Sort(zones)
	return zones
}

// notifying runs a test with a Gateway that announces its zones.
func notifying(t *testing.T, f func(t *testing.T) *fixture.Stanza, run func(f *fixture.Stanza, l *told)) {
	synctest.Test(t, func(t *testing.T) {
		f, l := f(t), &told{}
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			defer close(done)
			f.Notify(ctx, l.send)
		}()
		run(f, l)
		cancel()
		synctest.Wait()
		select {
		case <-done:
		default:
			t.Error("goes on after its context")
		}
		l.take()
		f.Apply(fixture.IngressAt("after", "after.example.com", "192.0.2.99"))
		time.Sleep(time.Minute)
		if got := l.take(); len(got) > 0 {
			t.Errorf("announced %v after the end", got)
		}
	})
}

func twoZones(t *testing.T) *fixture.Stanza {
	return fixture.New(t, "k8s_gateway example.com example.org {\nresources Ingress\n}")
}

// RFC 1996: every zone is announced once at the start, and then once for each burst of changes, if it changed.
func TestNotify(t *testing.T) {
	notifying(t, twoZones, func(f *fixture.Stanza, l *told) {
		time.Sleep(10 * time.Second)
		if got := l.take(); !slices.Equal(got, []string{"example.com.", "example.org."}) {
			t.Errorf("at the start: %v", got)
		}
		time.Sleep(time.Hour)
		if got := l.take(); len(got) > 0 {
			t.Errorf("without a change: %v", got)
		}
		for i := range 100 {
			f.Apply(fixture.IngressAt(fmt.Sprint("web", i), fmt.Sprintf("web%d.example.com", i), "192.0.2.1"))
			time.Sleep(time.Millisecond)
		}
		time.Sleep(10 * time.Second)
		if got := l.take(); !slices.Equal(got, []string{"example.com."}) {
			t.Errorf("after a burst in one zone: %v", got)
		}
		f.Apply(fixture.IngressAt("org", "web.example.org", "192.0.2.1"))
		time.Sleep(10 * time.Second)
		if got := l.take(); !slices.Equal(got, []string{"example.org."}) {
			t.Errorf("after a change in the other: %v", got)
		}
		f.Remove(fixture.IngressAt("org", "web.example.org"))
		time.Sleep(10 * time.Second)
		if got := l.take(); !slices.Equal(got, []string{"example.org."}) {
			t.Errorf("after a removal: %v", got)
		}
	})
}

// What changes nothing is not announced.
func TestNotifyNoChange(t *testing.T) {
	notifying(t, twoZones, func(f *fixture.Stanza, l *told) {
		f.Apply(fixture.IngressAt("web", "web.example.com", "192.0.2.1"))
		time.Sleep(10 * time.Second)
		l.take()
		f.Apply(fixture.IngressAt("web", "web.example.com", "192.0.2.1"))
		f.Apply(fixture.IngressAt("out", "web.example.net", "192.0.2.1"))
		time.Sleep(10 * time.Second)
		if got := l.take(); len(got) > 0 {
			t.Errorf("announced %v", got)
		}
	})
}

// A secondary that asks after the last announcement of a long burst finds the serial of the last change.
func TestNotifyLastSerial(t *testing.T) {
	notifying(t, twoZones, func(f *fixture.Stanza, l *told) {
		time.Sleep(10 * time.Second)
		l.take()
		for i := range 57 {
			f.Apply(fixture.IngressAt("web", "web.example.com", fmt.Sprintf("192.0.2.%d", i+1)))
			time.Sleep(100 * time.Millisecond)
		}
		z := f.Zones.ByName["example.com"]
		transferred := uint32(0)
		for range 100 { // a secondary that transfers at once
			time.Sleep(100 * time.Millisecond)
			if len(l.take()) > 0 {
				transferred = z.Serial.At(time.Now())
			}
		}
		if now := z.Serial.At(time.Now()); transferred != now {
			t.Errorf("serial %d when announced, %d later", transferred, now)
		}
	})
}

// Z2: a zone that is not known completely is not announced, since its transfer would be refused. It is as soon as
// it is known, even where that brings nothing new: the kind may be absent, or have no objects.
func TestNotifyUnlisted(t *testing.T) {
	start := func(t *testing.T) *fixture.Stanza { return fixture.NewUnlisted(t, "resources Ingress Service") }
	notifying(t, start, func(f *fixture.Stanza, l *told) {
		f.Apply(fixture.IngressAt("web", "web.example.com", "192.0.2.1"))
		time.Sleep(10 * time.Second)
		if got := l.take(); len(got) > 0 {
			t.Errorf("announced %v before it was listed", got)
		}
		for _, i := range f.Informers() {
			i.Settle()
		}
		time.Sleep(10 * time.Second)
		if got := l.take(); !slices.Equal(got, []string{"example.com."}) {
			t.Errorf("announced %v after it was listed", got)
		}
	})
}

// R8: nor before the nameservers' Services are known.
func TestNotifyNameserverUnlisted(t *testing.T) {
	start := func(t *testing.T) *fixture.Stanza { return fixture.NewUnlisted(t, "resources Ingress") }
	notifying(t, start, func(f *fixture.Stanza, l *told) {
		f.List("Ingress")
		time.Sleep(10 * time.Second)
		if got := l.take(); len(got) > 0 {
			t.Errorf("announced %v before the nameserver's Service was listed", got)
		}
		f.List("nameserver Service")
		time.Sleep(10 * time.Second)
		if got := l.take(); !slices.Equal(got, []string{"example.com."}) {
			t.Errorf("announced %v after it was listed", got)
		}
	})
}

// A secondary that does not answer holds neither the others up nor the end.
func TestNotifySlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := twoZones(t)
		ctx, cancel := context.WithCancel(context.Background())
		release := make(chan struct{})
		l := &told{}
		var wg sync.WaitGroup
		wg.Go(func() {
			f.Notify(ctx, func(zone string) error {
				if zone == "example.com." {
					<-release
				}
				return l.send(zone)
			})
		})
		time.Sleep(10 * time.Second)
		if got := l.take(); !slices.Equal(got, []string{"example.org."}) {
			t.Errorf("announced %v", got)
		}
		cancel()
		wg.Wait()
		close(release)
	})
}
