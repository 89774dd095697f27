package test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// The pace of a stream: each client asks one question in an interval.
const (
	udpClients, tcpClients = 8, 2
	streamInterval         = 20 * time.Millisecond // 500 questions a second in all
	streamTimeout          = 5 * time.Second
)

// answers are what names have to be answered with when they are asked for
// addresses, as dig.Short puts it.
type answers map[string]string

// stream is clients that ask questions at a steady pace, over UDP and TCP, and
// check every answer.
type stream struct {
	*server
	stop context.CancelFunc
	done sync.WaitGroup
	all  []*steady

	mu    sync.Mutex
	took  []time.Duration
	wrong []string
	lost  []string
	ended bool
}

// steady is a question that a stream asks again and again.
type steady struct {
	name string

	mu  sync.Mutex
	due []answer // in the order in which they become true
}

// answer is what a question may be answered with.
type answer struct {
	want string
	seen time.Time // when it was first given; none before it may be given to what is asked after that
}

// stream starts to ask for what has to be answered.
func (s *server) stream(want answers) *stream {
	s.t.Helper()
	ctx, stop := context.WithCancel(s.t.Context())
	st := &stream{server: s, stop: stop}
	for name, want := range want {
		st.all = append(st.all, &steady{name: dns.Fqdn(s.corner.expand(name)), due: []answer{{want: want}}})
	}
	for i := range udpClients + tcpClients {
		st.done.Go(func() { st.ask(ctx, i) })
	}
	s.t.Cleanup(st.end) // where the test ends early
	return st
}

// change has a name answered otherwise. Until the new answer is seen the old one is right, too.
func (st *stream) change(name, want string) {
	st.t.Helper()
	q := st.question(name)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.due = append(q.due, answer{want: want})
}

// awaitChanges waits until all names are answered with what they were changed to, and returns how long it took.
func (st *stream) awaitChanges(limit time.Duration) time.Duration {
	st.t.Helper()
	return until(st.t, limit, "answered with all that changed", func() bool {
		return !slices.ContainsFunc(st.all, func(q *steady) bool { return !q.current() })
	})
}

// lap waits until everything was asked, and answered, once more.
func (st *stream) lap() {
	st.t.Helper()
	st.mu.Lock()
	before := len(st.took)
	st.mu.Unlock()
	until(st.t, awaitTimeout, "asked for everything", func() bool {
		st.mu.Lock()
		defer st.mu.Unlock()
		return len(st.took) > before+(udpClients+tcpClients)*(len(st.all)+1)
	})
}

// end stops asking and fails the test for every answer that was wrong, and every one that did not come.
func (st *stream) end() {
	st.t.Helper()
	st.stop()
	st.done.Wait()
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.ended {
		return
	}
	st.ended = true
	slices.Sort(st.took)
	st.t.Logf("%d questions: %d wrong, %d lost; median %s, 99 of 100 within %s, longest %s", len(st.took), len(st.wrong), len(st.lost),
		st.within(50), st.within(99), st.within(100))
	for what, list := range map[string][]string{"wrong": st.wrong, "lost": st.lost} {
		if len(list) > 0 {
			st.t.Errorf("%d answers %s:\n%s", len(list), what, strings.Join(list[:min(len(list), 5)], "\n"))
		}
	}
	for _, q := range st.all {
		if !q.current() {
			st.t.Errorf("never answered with %s", q)
		}
	}
}

// within returns how long so many of 100 questions took at most, after the end.
func (st *stream) within(percent int) time.Duration {
	if len(st.took) == 0 {
		return 0
	}
	return st.took[(len(st.took)-1)*percent/100]
}

// question returns what asks for a name.
func (st *stream) question(name string) *steady {
	st.t.Helper()
	name = dns.Fqdn(st.corner.expand(name))
	i := slices.IndexFunc(st.all, func(q *steady) bool { return q.name == name })
	if i < 0 {
		st.t.Fatalf("the stream does not ask for %s", name)
	}
	return st.all[i]
}

// ask is one client.
func (st *stream) ask(ctx context.Context, client int) {
	ticker := time.NewTicker(streamInterval)
	defer ticker.Stop()
	start := time.Now()
	for i := client; ; i++ {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		q := st.all[i%len(st.all)]
		sent := time.Now()
		reply, err := st.exchange(client, new(dns.Msg).SetQuestion(q.name, dns.TypeA))
		took := time.Since(sent)
		st.mu.Lock()
		st.took = append(st.took, took)
		if err != nil {
			st.lost = append(st.lost, fmt.Sprintf("%s, asked %s after the start: %v", q.name, sent.Sub(start), err))
		} else if got := dig.Short(reply); !q.right(sent, got) {
			st.wrong = append(st.wrong, fmt.Sprintf("%s, asked %s after the start: %s, want %s", q.name, sent.Sub(start), got, q))
		}
		st.mu.Unlock()
	}
}

// exchange asks one question. A server may close a TCP connection before it has read from it, as when it
// stops; a client then takes another (RFC 7766 section 6.2.4).
func (st *stream) exchange(client int, m *dns.Msg) (reply *dns.Msg, err error) {
	if client < udpClients {
		reply, _, err = (&dns.Client{Timeout: streamTimeout}).Exchange(m, st.Addr)
		return reply, err
	}
	tcp := &dns.Client{Net: "tcp", Timeout: streamTimeout}
	for range 3 {
		if reply, _, err = tcp.Exchange(m, st.Addr); err == nil {
			break
		}
	}
	return reply, err
}

// right reports whether an answer to what was asked at some time is right. One that is right again, after
// another, is taken for the newer.
func (q *steady) right(sent time.Time, got string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range slices.Backward(q.due) {
		a := &q.due[i]
		if a.want != got || slices.ContainsFunc(q.due[i+1:], func(later answer) bool { return !later.seen.IsZero() && later.seen.Before(sent) }) {
			continue
		}
		if a.seen.IsZero() {
			a.seen = time.Now()
		}
		return true
	}
	return false
}

// current reports whether the newest answer was seen.
func (q *steady) current() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return !q.due[len(q.due)-1].seen.IsZero()
}

// String says what the newest answer is.
func (q *steady) String() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.name + " A " + q.due[len(q.due)-1].want
}
