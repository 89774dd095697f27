// Package soak holds the soak test: thousands of objects of all kinds come, change and go at random on a real API server
// that is now and then away, while CoreDNS is asked all the time and reloaded in between. Every answer is compared with that
// of a model, which works it out from what the API server has.
package soak

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"k8s.io/client-go/dynamic"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

var (
	duration = flag.Duration("soak", 0, "how long the test runs; by default some rounds with few objects, so that the test itself is tested")
	seedFlag = flag.Uint64("seed", 0, "what all chance follows from; 0 for another one every time")
)

// settleTimeout is how long it may take until the answers are right. A client of the API server that was away waits up to
// half a minute before it tries again.
const settleTimeout = time.Minute

// soak is a run.
type soak struct {
	t       *testing.T
	seed    uint64
	size    size
	begin   time.Time
	cluster *testcluster.Cluster
	client  dynamic.Interface
	mutator *mutator
	proxy   *proxy
	server  *server

	kubeconfig, outside string
	config              model.Config
	beacon              beacon
	names               universe
	stream              int // of chance

	// As they were when the answers were last compared.
	state     *snapshot
	world     *model.World
	want      map[question]model.Reply
	serials   map[string]uint32
	questions []question

	round       round
	differences []difference
	known       map[question]bool // that they were reported about
	total       round
}

// size is how much of everything there is.
type size struct {
	tail  int // objects with names that few others share
	steps int // changes in a round
	types int // that names are asked for, other than rare ones

	tailTypes int // the same for names of the tail that nothing changed about
}

// round is what happened in a round, or in all of them.
type round struct {
	rounds, steps, compared, watched, judged, outages, reloads, differences int
}

func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a real API server, left out by -short")
	}
	seed, size := *seedFlag, size{tail: 1500, steps: 600, types: len(askedTypes), tailTypes: 2}
	if *duration == 0 {
		size.tail, size.steps, size.types = 60, 60, 3
	}
	if seed == 0 {
		seed = rand.Uint64N(1_000_000)
	}
	ctx := t.Context()
	cluster, err := testcluster.Start(ctx, testcluster.Options{Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := dynamic.NewForConfig(cluster.Config())
	if err != nil {
		t.Fatal(err)
	}
	s := &soak{
		t: t, seed: seed, size: size, cluster: cluster, client: client, mutator: newMutator(cluster, size.tail), proxy: newProxy(t, cluster),
		outside: serveOutside(t), config: everything(), world: model.New(everything(), &model.Objects{}), names: universe{}, known: map[question]bool{},
	}
	s.kubeconfig = s.proxy.kubeconfig(t, cluster)
	s.run(ctx)
}

// run runs rounds until the time is over or there is too much that is wrong.
func (s *soak) run(ctx context.Context) {
	s.begin = time.Now()
	fmt.Printf("soak: seed %d\n", s.seed)
	for _, namespace := range append(slices.Clone(namespaces), infra) {
		s.must(s.cluster.Apply(ctx, []byte("apiVersion: v1\nkind: Namespace\nmetadata: {name: "+namespace+"}\n")))
	}
	s.server = start(s.t, s.corefile())
	defer stop(s.t, s.server)
	s.must(s.mutator.run(ctx, s.mutator.fill(s.chance())))
	s.settle(ctx)
	s.finish("start")

	acts := s.acts()
	for n := 1; ; n++ {
		over := time.Since(s.begin) > *duration
		if *duration == 0 {
			over = n > len(acts)
		}
		if over || len(s.known) >= reported {
			break
		}
		act := acts[(n-1)%len(acts)]
		act.do(ctx, s.chance())
		s.finish(act.name)
	}
	total := s.total
	fmt.Printf("soak: seed %d: %d rounds in %s, %d steps, %d answers compared, %d watched (%d of them judged), %d outages, %d reloads, %d differences\n",
		s.seed, total.rounds, time.Since(s.begin).Round(time.Second), total.steps, total.compared, total.watched, total.judged, total.outages, total.reloads, total.differences)
}

func (s *soak) chance() chance {
	s.stream++
	return newChance(s.seed, s.stream, s.size.tail)
}

func (s *soak) corefile() string { return corefile(s.config, s.kubeconfig, s.outside) }

// must ends the test where something failed that has nothing to do with the plugin, or everything.
func (s *soak) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("seed %d, round %d: %v", s.seed, s.total.rounds, err)
	}
}

// settle waits until CoreDNS knows everything, and compares all answers. Nobody may change anything meanwhile.
func (s *soak) settle(ctx context.Context) {
	s.t.Helper()
	s.must(s.beacon.light(ctx, s.cluster))
	deadline := time.Now().Add(settleTimeout)
	a := newAsker(s.server, s.seed)
	err := s.beacon.await(a, s.config, deadline)
	a.close()
	s.must(err)

	before, last := s.want, s.world
	s.state, err = read(ctx, s.client)
	s.must(err)
	s.world = model.New(s.config, s.state.objects)
	s.names.add(s.world)
	changed := map[string]bool{}
	for _, w := range []*model.World{last, s.world} {
		claimed(w, s.mutator.touched, changed)
	}
	s.questions = s.names.questions(s.total.rounds, s.size, changed)
	s.want = expected(s.world, s.questions, nil)
	wrong, err := compare(s.server, s.seed, s.want, deadline)
	s.must(err)
	s.round.compared += len(s.questions)
	for q, got := range wrong {
		s.differs(difference{q, got, written(s.want[q]), "when all was quiet", s.world, s.state})
	}
	s.compareSerials(before, last)
}

// compareSerials checks that the serial of every zone moved forward in which an answer changed (A3).
func (s *soak) compareSerials(before map[question]model.Reply, last *model.World) {
	s.t.Helper()
	changed := map[string]question{}
	for q, want := range s.want {
		old, ok := before[q]
		// What only readiness decides is the same for secondaries (T8).
		if ok && len(s.config.Steer)+len(last.Steer) == 0 && len(want.Visited) == 1 && withoutAdditional(written(old)) != withoutAdditional(written(want)) {
			changed[s.zone(q.name)] = q
		}
	}
	now, err := serials(s.server, s.config.Zones)
	s.must(err)
	for z, q := range changed {
		if old, ok := s.serials[z]; ok && last.TTL == s.config.TTL && int32(now[z]-old) <= 0 {
			s.differs(difference{question{z, 6}, fmt.Sprintf("serial %d, %d before, though %s changed", now[z], old, q), "a serial that moves forward", "when all was quiet", s.world, s.state})
		}
	}
	s.serials = now
}

func (s *soak) zone(name string) string {
	longest := ""
	for _, z := range s.config.Zones {
		if within(name, z) && len(z) > len(longest) {
			longest = z
		}
	}
	return longest
}

// differs notes a difference.
func (s *soak) differs(d difference) {
	s.round.differences++
	if !s.known[d.question] && len(s.known) < reported {
		s.known[d.question] = true
		s.differences = append(s.differences, d)
	}
}

// finish ends a round: it says how it went.
func (s *soak) finish(name string) {
	s.t.Helper()
	if len(s.differences) > 0 {
		fresh := start(s.t, s.corefile())
		a := newAsker(fresh, s.seed)
		for _, d := range s.differences {
			reply, err := a.ask(d.question)
			s.must(err)
			d.report(s.t, s.seed, reply)
		}
		a.close()
		stop(s.t, fresh)
		s.differences = nil
	}
	s.mutator.forget()
	r := s.round
	s.round = round{}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	fmt.Printf("soak: round %d (%s), %s: %d steps, %d objects, %d answers compared, %d watched (%d of them judged), %d outages, %d reloads, heap %d MB, %d differences\n",
		s.total.rounds, name, time.Since(s.begin).Round(time.Second), r.steps, len(s.mutator.objects), r.compared, r.watched, r.judged, r.outages, r.reloads, memory.HeapAlloc>>20, r.differences)
	s.total.rounds++
	s.total.steps += r.steps
	s.total.compared += r.compared
	s.total.watched += r.watched
	s.total.judged += r.judged
	s.total.outages += r.outages
	s.total.reloads += r.reloads
	s.total.differences += r.differences
}
