package play

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/manifest"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/scenario"
)

const (
	patience = 10 * time.Second     // for what comes a moment after a change
	interval = 5 * time.Millisecond // between two looks at it
)

// Cluster is an API server.
type Cluster interface {
	Apply(ctx context.Context, yaml []byte) error
	Delete(ctx context.Context, yaml []byte) error
	Kubeconfig() string
}

// Way is a way to play scenarios.
type Way struct {
	Name    string // as sections called "only" have it
	Cluster func(t *testing.T, name string) (Cluster, error)
}

// player plays one scenario.
type player struct {
	*scenario.Scenario
	t        *testing.T
	way      Way
	clusters map[string]Cluster
	objects  map[string][]*unstructured.Unstructured // that were applied, by cluster
	corefile string
	outside  bool
	server   *server // nil before the first step that needs it
	began    time.Time
	changed  bool // objects were applied or deleted while it runs
}

// Play plays a scenario.
func Play(t *testing.T, s *scenario.Scenario, way Way) {
	p := &player{Scenario: s, t: t, way: way, clusters: map[string]Cluster{}, objects: map[string][]*unstructured.Unstructured{}}
	for _, step := range s.Steps {
		if step.Verb == "only" && step.Arg != way.Name {
			t.Skip(strings.TrimSpace(step.Text))
		}
		p.outside = p.outside || step.Verb == "outside"
	}
	logged.Reset()
	if err := outside.set(nil); err != nil {
		t.Fatal(err)
	}
	defer p.end()
	for _, step := range s.Steps {
		p.play(&step)
	}
}

// end stops the server and removes what was applied.
func (p *player) end() {
	if p.server != nil {
		if err := p.server.Stop(); err != nil {
			p.t.Error(err)
		}
	}
	if p.t.Failed() {
		p.t.Logf("log:\n%s", logged.String())
	}
	for cluster := range p.clusters {
		if err := p.clear(cluster); err != nil {
			p.t.Error(err)
		}
	}
}

// failf reports what is wrong with a step, at its line, and ends the scenario.
func (p *player) failf(step *scenario.Step, format string, args ...any) {
	p.t.Helper()
	p.t.Fatalf("%s:%d: %s", p.File, step.Line, fmt.Sprintf(format, args...))
}

func (p *player) play(step *scenario.Step) {
	p.t.Helper()
	var err error
	switch step.Verb {
	case "Corefile":
		p.corefile = step.Text
	case "objects.yaml":
		err = p.change(step.Arg, func(c Cluster) error { return p.apply(c, step) })
	case "delete":
		err = p.change(step.Arg, func(c Cluster) error { return p.delete(c, step) })
	case "versions":
		err = p.versions(step)
	case "outside":
		err = outside.set(step.Lines())
	case "ask":
		if err = p.start(); err == nil {
			p.ask(step)
		}
	case "reload":
		if err = p.start(); err == nil {
			err = p.reload(step)
		}
	case "log":
		if err = p.start(); err == nil {
			p.log(step)
		}
	case "error":
		p.refused(step)
	}
	if err != nil {
		p.failf(step, "%s: %v", step.Verb, err)
	}
}

func (p *player) expand(text string) string {
	return corefile(text, p.outside, func(name string) string {
		c, err := p.cluster(name)
		if err != nil {
			p.t.Fatal(err)
		}
		return c.Kubeconfig()
	})
}

// start starts CoreDNS, unless it runs.
func (p *player) start() (err error) {
	if p.server == nil {
		p.began = time.Now()
		p.server, err = startServer(p.expand(p.corefile))
	}
	return err
}

// age returns how many seconds old an answer from outside may be.
func (p *player) age() uint32 {
	if !p.outside {
		return 0
	}
	return uint32(time.Since(p.began)/time.Second) + 1
}

// reload has CoreDNS go on with another Corefile. Before, it waits until the plugin watches everything, and after until
// the watches of the old instance have ended: nobody handles what those are sent, and no list of the old instance is
// watched any more.
func (p *player) reload(step *scenario.Step) error {
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	var ended []func(context.Context) error
	for _, c := range p.clusters {
		if s, ok := c.(settler); ok {
			if _, err := s.Settled(ctx); err != nil {
				return err
			}
			ended = append(ended, s.Ended())
		}
	}
	if err := p.server.Reload(p.expand(step.Text)); err != nil {
		return err
	}
	for _, wait := range ended {
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// refused checks that CoreDNS does not start, and says why.
func (p *player) refused(step *scenario.Step) {
	p.t.Helper()
	server, err := startServer(p.expand(p.corefile))
	if err == nil {
		p.server = server
		p.failf(step, "CoreDNS starts")
	}
	for _, line := range step.Lines() {
		if !strings.Contains(err.Error(), line) {
			p.failf(step, "CoreDNS does not start because of\n\t%v\nwant\n\t%s", err, line)
		}
	}
}

// ask asks questions until every reply is the wanted one. Without changes the first has to be.
func (p *player) ask(step *scenario.Step) {
	p.t.Helper()
	deadline := time.Now()
	if p.changed {
		deadline = deadline.Add(patience)
	}
	for {
		var wrong []string
		for _, q := range step.Questions {
			got, err := p.server.ask(&q)
			diff := scenario.Diff(q.Want, got, p.age())
			if err != nil {
				diff = []string{err.Error()}
			}
			if len(diff) > 0 {
				wrong = append(wrong, fmt.Sprintf("%s:%d: %s\n\t%s", p.File, q.Line, q.String(), strings.Join(diff, "\n\t")))
			}
		}
		if len(wrong) == 0 {
			return
		}
		if !time.Now().Before(deadline) {
			p.t.Fatalf("%s\n%s", p.Title, strings.Join(wrong, "\n"))
		}
		time.Sleep(interval)
	}
}

// log waits until the log contains every line of a step. Below "not", it must contain none of them.
func (p *player) log(step *scenario.Step) {
	p.t.Helper()
	for _, line := range step.Lines() {
		unwanted, isNot := strings.CutPrefix(line, "not: ")
		if isNot && strings.Contains(logged.String(), unwanted) {
			p.failf(step, "the log contains %q", unwanted)
		}
		for began := time.Now(); !isNot && !strings.Contains(logged.String(), line); time.Sleep(interval) {
			if time.Since(began) > patience {
				p.failf(step, "the log does not contain %q", line)
			}
		}
	}
}

// yamlOf writes objects as a YAML file.
func yamlOf(objs ...*unstructured.Unstructured) ([]byte, error) {
	var documents [][]byte
	for _, obj := range objs {
		document, err := yaml.Marshal(obj.Object)
		if err != nil {
			return nil, err
		}
		documents = append(documents, document)
	}
	return bytes.Join(documents, []byte("---\n")), nil
}

func sameObject(a, b *unstructured.Unstructured) bool {
	return manifest.Describe(a) == manifest.Describe(b)
}

// remember notes that an object was applied to a cluster.
func (p *player) remember(cluster string, obj *unstructured.Unstructured) {
	p.forget(cluster, obj)
	p.objects[cluster] = append(p.objects[cluster], obj)
}

func (p *player) forget(cluster string, obj *unstructured.Unstructured) {
	p.objects[cluster] = slices.DeleteFunc(p.objects[cluster], func(o *unstructured.Unstructured) bool { return sameObject(o, obj) })
}
