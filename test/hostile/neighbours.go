package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// waits are the longest of one round.
type waits struct{ question, second, change, delivery time.Duration }

// beside asks and changes what others have while do runs.
func (b *bench) beside(ctx context.Context, kind string, do func(context.Context) error) (w waits, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var probes sync.WaitGroup
	var asking, changing error
	done := make(chan struct{})
	probes.Go(func() { w.question, w.second, asking = b.ask(ctx, done) })
	probes.Go(func() { w.change, w.delivery, changing = b.move(ctx, done, kind) })
	time.Sleep(settle)
	err = do(ctx)
	time.Sleep(settle)
	close(done)
	probes.Wait()
	switch {
	case err != nil:
	case asking != nil:
		err = fmt.Errorf("asking: %w", asking)
	case changing != nil:
		err = fmt.Errorf("changing: %w", changing)
	}
	return w, err
}

// ask asks for a name of another tenant, again and again, and the second CoreDNS as often.
func (b *bench) ask(ctx context.Context, done <-chan struct{}) (longest, second time.Duration, err error) {
	var conns [2]*dns.Conn
	for i, addr := range []string{b.dns, b.second} {
		if conns[i], err = dns.DialTimeout("udp", addr, time.Second); err != nil {
			return 0, 0, err
		}
		defer conns[i].Close()
	}
	for {
		select {
		case <-done:
			return longest, second, nil
		case <-ctx.Done():
			return longest, second, nil
		case <-time.After(500 * time.Microsecond):
		}
		for i, longest := range []*time.Duration{&longest, &second} {
			took, err := askOnce(conns[i])
			if err != nil {
				return *longest, second, err
			}
			*longest = max(*longest, took)
		}
	}
}

func askOnce(conn *dns.Conn) (time.Duration, error) {
	m := new(dns.Msg)
	m.SetQuestion("steady.example.com.", dns.TypeA)
	began := time.Now()
	conn.SetDeadline(began.Add(effectTimeout))
	if err := conn.WriteMsg(m); err != nil {
		return 0, err
	}
	reply, err := conn.ReadMsg()
	if err == nil && !answered(reply) {
		err = fmt.Errorf("steady.example.com is not answered: %s", dig.Short(reply))
	}
	return time.Since(began), err
}

// renames are the patches that give an object of another tenant a new name.
var renames = map[string]string{
	"Ingress":     `{"spec": {"rules": [{"host": %q}]}}`,
	"HTTPRoute":   `{"spec": {"hostnames": [%q]}}`,
	"Service":     `{"metadata": {"annotations": {"coredns.io/hostname": %q}}}`,
	"DNSEndpoint": `{"spec": {"endpoints": [{"dnsName": %q, "recordType": "A", "targets": ["192.0.2.3"]}]}}`,
}

// move changes objects of another tenant, a route and one of the kind, again and again, and waits each time until the
// change is answered. It returns the longest wait after the API server had delivered a change to a client that does nothing
// with it, and the longest that this took from the request on.
func (b *bench) move(ctx context.Context, done <-chan struct{}, kind string) (longest, delivery time.Duration, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watches := map[string]*bareWatch{}
	for _, of := range []string{kind, "HTTPRoute"} {
		if watches[of], err = b.api.watch(ctx, of); err != nil {
			return 0, 0, err
		}
	}
	for n := 0; ; n++ {
		select {
		case <-done:
			return longest, delivery, nil
		case <-ctx.Done():
			return longest, delivery, nil
		case <-time.After(5 * time.Millisecond):
		}
		b.moves++
		of, name := []string{kind, "HTTPRoute"}[n%2], fmt.Sprintf("m%d.example.com", b.moves)
		began := time.Now()
		patched := make(chan error, 1)
		go func() {
			patched <- b.api.patch(ctx, item{kind: of, namespace: "victim", name: "moving"}, fmt.Sprintf(renames[of], name))
		}()
		var answeredAt, arrived time.Time
		for answeredAt.IsZero() || arrived.IsZero() {
			if answeredAt.IsZero() {
				if m, err := dig.Ask(ctx, "udp", b.dns, name, dns.TypeA); err == nil && answered(m) {
					answeredAt = time.Now()
				}
			}
			if arrived.IsZero() {
				at, ok, err := watches[of].when(name)
				if err != nil && ctx.Err() == nil {
					return longest, delivery, err
				}
				if ok {
					arrived = at
				}
			}
			select {
			case err := <-patched:
				if err != nil && ctx.Err() == nil {
					return longest, delivery, err
				}
			case <-ctx.Done():
				return longest, delivery, nil
			default:
			}
			if time.Since(began) > effectTimeout {
				return time.Since(began), delivery, nil // is a row that fails
			}
			time.Sleep(500 * time.Microsecond)
		}
		longest, delivery = max(longest, answeredAt.Sub(arrived)), max(delivery, arrived.Sub(began))
	}
}
