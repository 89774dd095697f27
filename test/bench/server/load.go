package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/test/bench/figures"
)

// rate is how many questions a load asks in a second.
const rate = 2_000

// asking is how long an answer is waited for.
const asking = 2 * time.Second

// load asks a server for names at a steady rate, whether or not it answers.
type load struct {
	conn    net.Conn
	packed  [][]byte
	stop    chan struct{}
	running sync.WaitGroup

	sent    [1 << 16]atomic.Int64 // when a question of this id was sent, in nanoseconds since start; 0 once it is answered
	start   time.Time
	answers []sample // of the receiving goroutine, until it has ended
	lost    int
}

// sample is an answer: when its question was sent, and how long it took.
type sample struct {
	at   time.Time
	took time.Duration
}

// newLoad begins to ask a server for the Ingresses' names.
func (b *bench) newLoad(s *server) (*load, error) {
	conn, err := net.Dial("udp", s.addr)
	if err != nil {
		return nil, err
	}
	l := &load{conn: conn, stop: make(chan struct{}), start: time.Now()}
	for n := range min(asked, b.names) {
		m := new(dns.Msg).SetQuestion(dns.Fqdn(host(n*(b.names/min(asked, b.names)))), dns.TypeA)
		packed, err := m.Pack()
		if err != nil {
			return nil, err
		}
		l.packed = append(l.packed, packed)
	}
	l.running.Go(l.send)
	l.running.Go(l.receive)
	return l, nil
}

func (l *load) send() {
	defer func() { _ = l.conn.SetReadDeadline(time.Now().Add(asking)) }()
	for i := 0; ; i++ {
		select {
		case <-l.stop:
			return
		default:
		}
		time.Sleep(time.Until(l.start.Add(time.Duration(i) * time.Second / rate)))
		packed, id := l.packed[i%len(l.packed)], uint16(i)
		binary.BigEndian.PutUint16(packed, id)
		l.sent[id].Store(int64(time.Since(l.start)))
		if _, err := l.conn.Write(packed); err != nil {
			l.sent[id].Store(0)
		}
	}
}

func (l *load) receive() {
	for buffer := make([]byte, dns.MaxMsgSize); ; {
		n, err := l.conn.Read(buffer)
		if err, ok := err.(net.Error); ok && err.Timeout() {
			return
		}
		if err != nil || n < 2 {
			continue
		}
		if sent := time.Duration(l.sent[binary.BigEndian.Uint16(buffer)].Swap(0)); sent != 0 {
			l.answers = append(l.answers, sample{l.start.Add(sent), time.Since(l.start) - sent})
		}
	}
}

// end stops the load, and returns how it went.
func (l *load) end() ([]sample, error) {
	close(l.stop)
	l.running.Wait()
	for id := range l.sent {
		if l.sent[id].Load() != 0 {
			l.lost++
		}
	}
	if l.lost > 0 {
		say("%d questions were not answered", l.lost)
	}
	return l.answers, l.conn.Close()
}

// within returns how long answers took to questions of a span of time.
func within(samples []sample, from, to time.Time) (list []time.Duration) {
	for _, s := range samples {
		if !s.at.Before(from) && s.at.Before(to) {
			list = append(list, s.took)
		}
	}
	return list
}

// disturbance measures how long answers take while something goes on, and while nothing does.
type disturbance struct {
	result figures.Rounds
	server *server // that is disturbed
	beside *server // that is not, on the same machine
}

// measure asks both servers while nothing goes on for a time, and then while disturb runs, which says of which span of
// time the answers count.
func (d *disturbance) measure(ctx context.Context, b *bench, disturb func() (from, to time.Time, err error)) error {
	loads := map[string]*load{}
	for _, s := range []*server{d.server, d.beside} {
		l, err := b.newLoad(s)
		if err != nil {
			return err
		}
		loads[s.name] = l
	}
	time.Sleep(b.duration / 3) // until both are warm
	quiet := time.Now()
	time.Sleep(b.duration)
	end := time.Now()
	from, to, err := disturb()
	for name, l := range loads {
		samples, endErr := l.end()
		if err == nil {
			err = endErr
		}
		for when, list := range map[string][]time.Duration{"quiet": within(samples, quiet, end), "busy": within(samples, from, to)} {
			if len(list) == 0 && err == nil {
				err = fmt.Errorf("%s did not answer while it was %s", name, when)
			}
			d.result.Add(when+" p99 "+name, milliseconds(figures.At(list, 0.99)))
			d.result.Add(when+" max "+name, milliseconds(figures.At(list, 1)))
		}
	}
	if err != nil {
		return err
	}
	return ctx.Err()
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1e3 }

// report says what came of it.
func (d *disturbance) report() string {
	r := d.result
	of := func(s *server) string {
		return fmt.Sprintf("p99 %.1f× (%.2f ms, quiet %.2f), max %.1f ms, quiet %.1f", r.Ratio("busy p99 "+s.name, "quiet p99 "+s.name),
			r.Median("busy p99 "+s.name), r.Median("quiet p99 "+s.name), r.Median("busy max "+s.name), r.Median("quiet max "+s.name))
	}
	return of(d.server) + "; *" + d.beside.name + "* at the same time: " + of(d.beside)
}
