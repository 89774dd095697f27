package soak

import (
	"context"
	"sync"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

// act is what may happen in a round.
type act struct {
	name string
	do   func(ctx context.Context, c chance)
}

func (s *soak) acts() []act {
	return []act{
		{"changes", s.quiet},
		{"connections cut", s.cuts},
		{"hostile objects", s.hostile},
		{"another Corefile", s.otherConfig},
		{"changes while cut off", s.blackout},
		{"reload among changes", s.reload},
		{"reload while cut off", s.reloadCutOff},
		{"API server restarted", s.restart},
	}
}

// quiet changes objects, and nothing else happens.
func (s *soak) quiet(ctx context.Context, c chance) {
	s.watch(func() {
		s.mutate(ctx, c, s.size.steps)
		s.settle(ctx)
	}, nil)
}

// cuts cuts CoreDNS's connections again and again while objects change.
func (s *soak) cuts(ctx context.Context, c chance) {
	s.watch(func() {
		done := make(chan struct{})
		var running sync.WaitGroup
		cutter := newChance(s.seed, -s.stream, 0)
		running.Go(func() {
			defer s.proxy.mend()
			for {
				s.proxy.cut()
				s.round.outages++
				for _, mend := range []bool{true, false} {
					select {
					case <-done:
						return
					case <-time.After(time.Duration(50+cutter.IntN(600)) * time.Millisecond):
					}
					if mend {
						s.proxy.mend()
					}
				}
			}
		})
		s.mutate(ctx, c, s.size.steps)
		close(done)
		running.Wait()
		s.settle(ctx)
	}, nil)
}

// blackout cuts CoreDNS off. As long as it is, answers are what they were (R3).
func (s *soak) blackout(ctx context.Context, c chance) {
	s.proxy.cut()
	s.round.outages++
	s.frozen(func() { s.mutate(ctx, c, s.size.steps) })
	s.watch(func() {
		s.proxy.mend()
		s.settle(ctx)
	}, nil)
}

// restart stops the API server in the midst of changes, and starts it again.
func (s *soak) restart(ctx context.Context, c chance) {
	s.watch(func() {
		s.mutate(ctx, c, s.size.steps/2)
		s.must(s.cluster.Restart(ctx))
		s.round.outages++
		s.mutate(ctx, c, s.size.steps/2)
		s.settle(ctx)
	}, nil)
}

// reload has CoreDNS begin anew while objects change. No question fails because of it (R5).
func (s *soak) reload(ctx context.Context, c chance) {
	s.watch(func() {
		reloaded := make(chan error, 1)
		go func() { reloaded <- s.server.Reload(s.corefile()) }()
		s.mutate(ctx, c, s.size.steps)
		s.must(<-reloaded)
		s.round.reloads++
		s.settle(ctx)
	}, nil)
}

// otherConfig has CoreDNS read another Corefile: answers are those of the one or the other.
func (s *soak) otherConfig(ctx context.Context, c chance) {
	before, wanted := s.world, s.want
	o := s.observe(func() {
		s.config = c.config()
		s.must(s.server.Reload(s.corefile()))
		s.round.reloads++
		s.settle(ctx)
	})
	old, now := expected(before, o.questions(), wanted), expected(s.world, o.questions(), s.want)
	o.judge(s, "while another Corefile was read", func(q question, reply string) string {
		if want := withoutAdditional(written(now[q])); reply == want || reply == withoutAdditional(written(old[q])) || isBeacon(q) {
			return ""
		} else {
			return want
		}
	})
	s.quiet(ctx, c)
}

// reloadCutOff has CoreDNS begin anew while it cannot reach the API server. It knows nothing then, and says that it does
// not (Z2), until it can.
func (s *soak) reloadCutOff(ctx context.Context, c chance) {
	if s.config.Fallthrough { // then it says nothing, and the next plugin has to know that
		s.config.Fallthrough = false
		s.must(s.server.Reload(s.corefile()))
		s.settle(ctx)
	}
	s.proxy.cut()
	s.round.outages++
	servfail := dns.RcodeToString[dns.RcodeServerFailure]
	s.frozen(func() { s.mutate(ctx, c, s.size.steps) })
	s.watch(func() {
		s.must(s.server.Reload(s.corefile()))
		s.round.reloads++
		s.proxy.mend()
		s.settle(ctx)
	}, func(_ question, reply string) bool { return reply == servfail })
}

// mutate changes objects.
func (s *soak) mutate(ctx context.Context, c chance, steps int) {
	list := s.mutator.steps(c, steps)
	s.round.steps += len(list)
	s.must(s.mutator.run(ctx, list))
}

func (s *soak) observe(f func()) *observed {
	o, err := observe(s.server, s.seed+uint64(s.stream)<<32, s.questions, f)
	s.must(err)
	s.round.watched += o.asked
	return o
}

// frozen watches the answers while f runs, which must not change any.
func (s *soak) frozen(f func()) {
	o := s.observe(f)
	want := expected(s.world, o.questions(), s.want)
	o.judge(s, "while cut off", func(q question, reply string) string {
		if want := withoutAdditional(written(want[q])); reply != want {
			return want
		}
		return ""
	})
}

// watch watches the answers while f changes objects and waits until that shows. Of names that nothing changed about the
// answers must be right all the time; others must be answered. allowed says what is right besides.
func (s *soak) watch(f func(), allowed func(q question, reply string) bool) {
	before, wanted := s.world, s.want
	o := s.observe(f)
	versions, err := s.state.with(s.mutator.versions)
	s.must(err)
	ch := newChanges(model.New(s.config, versions), s.mutator.touched)
	old, now := expected(before, o.questions(), wanted), expected(s.world, o.questions(), s.want)
	o.judge(s, "while objects changed", func(q question, reply string) string {
		touched := ch.may(q.name)
		for _, name := range append(old[q].Visited, now[q].Visited...) {
			touched = touched || ch.may(name)
		}
		want, was := withoutAdditional(written(now[q])), withoutAdditional(written(old[q]))
		switch {
		case allowed != nil && allowed(q, reply), reply == want, reply == was:
		case !touched:
			if want != was {
				s.t.Fatalf("seed %d: %s changed from %s to %s, which nothing did", s.seed, q, was, want)
			}
			return want
		case reply == dns.RcodeToString[dns.RcodeServerFailure] && !ch.mayFlatten(q.name):
			return "any answer"
		default:
			s.round.judged--
		}
		return ""
	})
}

func isBeacon(q question) bool { return within(q.name, "beacon."+zone) }

func (o *observed) questions() []question {
	var list []question
	for q := range o.replies {
		list = append(list, q)
	}
	return list
}

// judge notes the replies that are not right. wrong returns what would be, "" for those that are.
func (o *observed) judge(s *soak, when string, wrong func(q question, reply string) string) {
	for q, replies := range o.replies {
		for reply := range replies {
			s.round.judged++
			if want := wrong(q, withoutAdditional(reply)); want != "" {
				s.differs(difference{q, reply, want, when, s.world, s.state})
			}
		}
	}
}
