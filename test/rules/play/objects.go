package play

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/manifest"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/scenario"
)

// cluster returns the API server of a name, which is empty for the one of a scenario that needs no second.
func (p *player) cluster(name string) (Cluster, error) {
	if c := p.clusters[name]; c != nil {
		return c, nil
	}
	c, err := p.way.Cluster(p.t, name)
	if err != nil {
		return nil, err
	}
	p.clusters[name] = c
	return c, nil
}

// settler is a Cluster that knows what its clients do: when they have been sent everything, and when their watches end.
type settler interface {
	Settled(ctx context.Context) (sent int, err error)
	Ended() func(ctx context.Context) error
}

// change changes objects of a cluster. While CoreDNS runs, it waits until the plugin has handled what it was sent, where
// the cluster can tell.
func (p *player) change(cluster string, do func(Cluster) error) error {
	c, err := p.cluster(cluster)
	if err != nil {
		return err
	}
	s, ok := c.(settler)
	if p.server == nil || !ok {
		p.changed = p.server != nil
		return do(c)
	}
	p.changed = true
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	sent, err := s.Settled(ctx)
	if err != nil {
		return err
	}
	handled := handledEvents()
	if err := do(c); err != nil {
		return err
	}
	now, err := s.Settled(ctx)
	if err != nil {
		return err
	}
	for handledEvents()-handled < now-sent {
		if ctx.Err() != nil {
			return fmt.Errorf("the plugin was sent %d objects and has handled %d", now-sent, handledEvents()-handled)
		}
		time.Sleep(interval / 5)
	}
	return nil
}

// apply applies the objects of a step, with the Namespaces that they need.
func (p *player) apply(c Cluster, step *scenario.Step) error {
	list, err := manifest.Parse([]byte(step.Text))
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return errors.New("no objects")
	}
	var namespaces []*unstructured.Unstructured
	for _, obj := range list {
		name := obj.GetNamespace()
		if name == "" && !clusterWide[obj.GetKind()] {
			name = "default"
			obj.SetNamespace(name)
		}
		ns := namespace(name)
		known := func(o *unstructured.Unstructured) bool { return sameObject(o, ns) }
		if name != "" && !slices.ContainsFunc(slices.Concat(p.objects[step.Arg], list, namespaces), known) {
			namespaces = append(namespaces, ns)
		}
	}
	list = append(namespaces, list...)
	for _, obj := range list {
		p.clearStatus(step.Arg, obj)
		p.remember(step.Arg, obj)
	}
	text, err := yamlOf(list...)
	if err != nil {
		return err
	}
	return c.Apply(p.t.Context(), text)
}

// clearStatus has an object without a status lose the one that it had: an API server would leave it.
func (p *player) clearStatus(cluster string, obj *unstructured.Unstructured) {
	had := slices.ContainsFunc(p.objects[cluster], func(o *unstructured.Unstructured) bool {
		return sameObject(o, obj) && o.Object["status"] != nil
	})
	if !had || obj.Object["status"] != nil {
		return
	}
	status := map[string]any{}
	if strings.HasSuffix(obj.GetKind(), "Route") {
		status["parents"] = []any{} // which the CRD requires
	}
	obj.Object["status"] = status
}

var clusterWide = map[string]bool{"Namespace": true, "Node": true}

func namespace(name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name}}}
}

// delete deletes the objects that a step names, each as "KIND NAMESPACE/NAME" or "KIND NAME".
func (p *player) delete(c Cluster, step *scenario.Step) error {
	for _, line := range step.Lines() {
		i := slices.IndexFunc(p.objects[step.Arg], func(o *unstructured.Unstructured) bool { return manifest.Describe(o) == line })
		if i < 0 {
			return fmt.Errorf("%q was not applied", line)
		}
		obj := p.objects[step.Arg][i]
		text, err := yamlOf(obj)
		if err != nil {
			return err
		}
		if err := c.Delete(p.t.Context(), text); err != nil {
			return err
		}
		p.forget(step.Arg, obj)
	}
	return nil
}

// clear removes what is left of a scenario in a cluster. Namespaces stay, without labels: where no controller runs, a
// Namespace that is deleted never goes away.
func (p *player) clear(cluster string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.t.Context()), time.Minute)
	defer cancel()
	var namespaces, rest []*unstructured.Unstructured
	for _, obj := range p.objects[cluster] {
		if obj.GetKind() == "Namespace" {
			namespaces = append(namespaces, namespace(obj.GetName()))
		} else {
			rest = append(rest, obj)
		}
	}
	text, err := yamlOf(rest...)
	if err != nil {
		return err
	}
	labels, err := yamlOf(namespaces...)
	if err != nil {
		return err
	}
	c := p.clusters[cluster]
	return errors.Join(c.Delete(ctx, text), c.Apply(ctx, labels))
}

// versions restricts the API server to some versions of some kinds, each as "KIND VERSION...".
func (p *player) versions(step *scenario.Step) error {
	c, err := p.cluster("")
	if err != nil {
		return err
	}
	s, ok := c.(interface {
		Serve(kind string, versions ...string) error
	})
	if !ok {
		return errors.New("this API server has the versions that it has")
	}
	for _, line := range step.Lines() {
		words := strings.Fields(line)
		if err := s.Serve(words[0], words[1:]...); err != nil {
			return err
		}
	}
	return nil
}
