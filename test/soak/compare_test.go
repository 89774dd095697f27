package soak

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

// clients is how many clients compare.
const clients = 4

// difference is an answer that is not the right one.
type difference struct {
	question
	got, want string
	when      string
	world     *model.World
	state     *snapshot
}

// expected is what the model says to questions. Some of it may be known.
func expected(w *model.World, questions []question, known map[question]model.Reply) map[question]model.Reply {
	all := make(map[question]model.Reply, len(questions))
	for _, q := range questions {
		reply, ok := known[q]
		if !ok {
			reply = w.Ask(q.name, q.qtype, q.client())
		}
		all[q] = reply
	}
	return all
}

// compare asks questions until all the answers are right, or a deadline is over, and returns those that are not.
func compare(s *server, seed uint64, want map[question]model.Reply, deadline time.Time) (map[question]string, error) {
	left := slices.Collect(maps.Keys(want))
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		wrong, err := ask(s, seed, left, want)
		if err != nil || len(wrong) == 0 || time.Now().After(deadline) {
			return wrong, err
		}
		left = slices.Collect(maps.Keys(wrong))
		<-ticker.C
	}
}

// ask asks every question once, and returns the answers that are not right.
func ask(s *server, seed uint64, questions []question, want map[question]model.Reply) (map[question]string, error) {
	parts := make([]map[question]string, clients)
	errs := make([]error, clients)
	var running sync.WaitGroup
	for i := range clients {
		running.Go(func() {
			a := newAsker(s, seed+uint64(i))
			defer a.close()
			parts[i] = map[question]string{}
			for j := i; j < len(questions); j += clients {
				q := questions[j]
				got, err := a.ask(q)
				if err != nil {
					errs[i] = fmt.Errorf("%s: %w", q, err)
					return
				}
				if got != written(want[q]) {
					parts[i][q] = got
				}
			}
		})
	}
	running.Wait()
	wrong := map[question]string{}
	for i := range clients {
		if errs[i] != nil {
			return nil, errs[i]
		}
		maps.Copy(wrong, parts[i])
	}
	return wrong, nil
}

// reported is how many differences are shown, each with so many objects.
const (
	reported = 12
	shown    = 8
)

// report shows what a person needs to find out about a difference, fresh being what a server says that has just been
// started.
func (d *difference) report(t *testing.T, seed uint64, fresh string) {
	t.Helper()
	lines := func(reply string) string { return strings.ReplaceAll(reply, " | ", "\n           ") }
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d, %s: %s\n    got    %s\n    want   %s\n", seed, d.when, d.question, lines(d.got), lines(d.want))
	if fresh != "" {
		fmt.Fprintf(&b, "    a server that has just been started says\n           %s\n", lines(fresh))
	}
	fmt.Fprintf(&b, "    resources %s, fallthrough %t, steer %s, networks %v\n", strings.Join(d.world.Resources, " "), d.world.Fallthrough,
		strings.Join(d.world.Steer, " "), d.world.Networks)
	refs := d.refs()
	for i, r := range refs {
		if i == shown {
			fmt.Fprintf(&b, "---\n# and %v\n", refs[i:])
			break
		}
		fmt.Fprintf(&b, "---\n%s", d.state.manifest(r))
	}
	t.Error(b.String())
}

// refs returns the objects that touch the names that the answer is about: nearest first.
func (d *difference) refs() []model.Ref {
	names := append([]string{d.name}, d.world.Ask(d.name, d.qtype, d.client()).Visited...)
	var near, far []model.Ref
	for i := range d.world.Claims {
		c := &d.world.Claims[i]
		wild, isWild := strings.CutPrefix(c.Name, "*.")
		for _, name := range names {
			switch {
			case c.Name == name:
				near = append(near, c.From...)
			case isWild && within(name, wild), c.Delegates() && within(name, c.Name), within(c.Name, d.name) && d.name != zone:
				far = append(far, c.From...)
			}
		}
	}
	var list []model.Ref
	for _, r := range append(near, far...) {
		if !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	return list
}

// serials returns the serials of zones.
func serials(s *server, zones []string) (map[string]uint32, error) {
	all := map[string]uint32{}
	for _, z := range zones {
		reply, _, err := (&dns.Client{Timeout: askTimeout}).Exchange(new(dns.Msg).SetQuestion(z+".", dns.TypeSOA), s.Addr)
		if err != nil {
			return nil, err
		}
		if len(reply.Answer) != 1 {
			return nil, fmt.Errorf("%s has no SOA", z)
		}
		all[z] = reply.Answer[0].(*dns.SOA).Serial
	}
	return all, nil
}
