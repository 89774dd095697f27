package soak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

// writers is how many changes are made at once, to different objects.
const writers = 6

// mutator changes what is in the cluster. What it does depends on nothing but the chance that it is given.
type mutator struct {
	cluster  *testcluster.Cluster
	slots    []slot
	objects  map[slot]object // those that are there
	versions []object        // what any object that was changed since forget was, or may have been for a moment
	touched  map[model.Ref]bool
}

func newMutator(cluster *testcluster.Cluster, tail int) *mutator {
	m := &mutator{cluster: cluster, objects: map[slot]object{}}
	m.forget()
	add := func(kind string, count int, namespaces []string, name string) {
		for _, namespace := range namespaces {
			for i := range count {
				m.slots = append(m.slots, slot{kind, namespace, fmt.Sprintf("%s-%d", name, i), -1})
			}
		}
	}
	nowhere := []string{""}
	for _, namespace := range namespaces {
		m.slots = append(m.slots, slot{"Namespace", "", namespace, -1})
	}
	m.slots = append(m.slots, slot{"Service", infra, "ns", -1}) // the nameserver
	add("Gateway", gateways, namespaces, "gw")
	add("ListenerSet", sets, namespaces, "set")
	add("Ingress", 8, namespaces, "web")
	add("Service", 6, namespaces, "lb")
	add("Service", pods, namespaces, "pods")
	add("EndpointSlice", 4, namespaces, "slice")
	add("EndpointSlice", 4, namespaces, "slices")
	add("HTTPRoute", 8, namespaces, "http")
	add("TLSRoute", 3, namespaces, "tls")
	add("GRPCRoute", 3, namespaces, "grpc")
	add("TCPRoute", 2, namespaces, "tcp")
	add("UDPRoute", 2, namespaces, "udp")
	add("DNSEndpoint", 12, namespaces, "records")
	add("Node", 5, nowhere, "node")
	for i := range tail {
		namespace := namespaces[i%len(namespaces)]
		switch name := fmt.Sprintf("tail-%d", i); i % 10 {
		case 0, 1, 2:
			m.slots = append(m.slots, slot{"Ingress", namespace, name, i})
		case 3, 4:
			m.slots = append(m.slots, slot{"HTTPRoute", namespace, name, i})
		case 5:
			m.slots = append(m.slots, slot{"Service", namespace, name, i})
		case 6:
			name = "pods-" + name
			m.slots = append(m.slots, slot{"Service", namespace, name, i}, slot{"EndpointSlice", namespace, name + "-x", i})
		case 7:
			m.slots = append(m.slots, slot{[]string{"Node", "GRPCRoute", "TLSRoute"}[i/10%3], namespace, name, i})
		default:
			m.slots = append(m.slots, slot{"DNSEndpoint", namespace, name, i})
		}
	}
	for i, s := range m.slots {
		if s.kind == "Node" {
			m.slots[i].namespace = ""
		}
	}
	return m
}

func (m *mutator) forget() {
	m.versions, m.touched = nil, map[model.Ref]bool{}
}

// step is one change of one object: new is what it becomes, nil for nothing.
type step struct {
	slot
	new  object
	anew bool // it is deleted and comes back
}

// fill returns the steps that put an object into most slots.
func (m *mutator) fill(c chance) []step {
	var steps []step
	for _, s := range m.slots {
		if s.kind == "Namespace" || !c.in(8) {
			steps = append(steps, step{slot: s, new: c.manifest(s)})
		}
	}
	return steps
}

// steps returns some changes, one after the other.
func (m *mutator) steps(c chance, count int) []step {
	there := maps.Clone(m.objects)
	var steps []step
	for len(steps) < count {
		list := []slot{pick(c, m.slots)}
		change := c.IntN(20)
		switch {
		case c.in(100): // the same to all of a kind, in a namespace
			list = m.like(list[0], 60)
		case c.in(2): // most of what happens is in the core
			list[0] = m.slots[c.IntN(len(m.slots)-c.tail)]
		}
		for _, s := range list {
			st := c.change(s, there[s], change)
			there[s] = st.new
			steps = append(steps, st)
		}
	}
	return steps
}

// like returns slots of the same kind and namespace as another, at most so many.
func (m *mutator) like(other slot, most int) []slot {
	var list []slot
	for _, s := range m.slots {
		if s.kind == other.kind && s.namespace == other.namespace && len(list) < most {
			list = append(list, s)
		}
	}
	return list
}

// change returns a change of one object, old being what is there. Which sort of change it is is given.
func (c chance) change(s slot, old object, which int) step {
	fresh := c.manifest(s)
	merged := maps.Clone(old)
	switch {
	case old == nil, s.kind == "Namespace":
	case which < 3:
		fresh = nil
	case which < 4:
		return step{slot: s, new: fresh, anew: true}
	case which < 9 && old["status"] != nil:
		merged["status"] = fresh["status"]
		fresh = merged
	case which < 12:
		merged["metadata"] = fresh["metadata"]
		fresh = merged
	}
	return step{slot: s, new: fresh}
}

// run makes the changes: those of one object in their order, others at the same time.
func (m *mutator) run(ctx context.Context, steps []step) error {
	byObject := map[slot][]step{}
	var order []slot
	for _, st := range steps {
		if byObject[st.slot] == nil {
			order = append(order, st.slot)
		}
		byObject[st.slot] = append(byObject[st.slot], st)
		m.note(st)
	}
	work := make(chan slot)
	failed := make([]error, writers)
	var running sync.WaitGroup
	for i := range writers {
		running.Go(func() {
			for s := range work {
				for _, st := range byObject[s] {
					if failed[i] == nil {
						failed[i] = m.write(ctx, st)
					}
				}
			}
		})
	}
	for _, s := range order {
		work <- s
	}
	close(work)
	running.Wait()
	return errors.Join(failed...)
}

// note remembers what an object is after a step, was before it, and is in between, while its status is not yet that
// of its spec.
func (m *mutator) note(st step) {
	old := m.objects[st.slot]
	m.touched[model.Ref{Kind: st.kind, Namespace: st.namespace, Name: st.name}] = true
	for _, o := range []object{old, st.new} {
		if o != nil {
			m.versions = append(m.versions, o)
		}
	}
	if st.new == nil {
		delete(m.objects, st.slot)
		return
	}
	between := maps.Clone(st.new)
	delete(between, "status")
	m.versions = append(m.versions, between)
	if old != nil {
		between = maps.Clone(between)
		between["status"] = old["status"]
		m.versions = append(m.versions, between)
	}
	m.objects[st.slot] = st.new
}

func (m *mutator) write(ctx context.Context, st step) error {
	if st.new == nil || st.anew {
		bare := object{"apiVersion": apis[st.kind], "kind": st.kind, "metadata": object{"name": st.name, "namespace": st.namespace}}
		if st.namespace == "" {
			delete(bare["metadata"].(object), "namespace")
		}
		if err := m.cluster.Delete(ctx, encode(bare)); err != nil {
			return err
		}
	}
	if st.new == nil {
		return nil
	}
	if err := m.cluster.Apply(ctx, encode(st.new)); err != nil {
		return fmt.Errorf("%w, of\n%s", err, encode(st.new))
	}
	return nil
}

func encode(o object) []byte {
	content, err := json.Marshal(o)
	if err != nil {
		panic(err) // it is made of nothing but maps, lists and scalars
	}
	return content
}
