package dnsname

// Reach is how far a wildcard reaches, which depends on the kind of object that it comes from. OneLabel and AnyDepth are
// wildcards over host names: none of the labels that they stand for begins with an underscore (RFC 8552).
type Reach uint8

const (
	Closest  Reach = iota // RFC 4592: any depth, unless a name that exists lies between
	OneLabel              // networking/v1 Ingress: exactly one label
	AnyDepth              // Gateway API: one or more labels, whatever lies between
	reaches
)

// Table counts which names exist. One walk from a name upwards tells whether the name exists, whether names below it exist, and
// which wildcard covers it.
//
// A name is claimed by each object that has it, and ready if one of these objects has something to answer with. A name exists
// if it is ready or if a name below it exists (RFC 8020). A claimed name that is not ready, such as that of an Ingress without
// an address, does not exist, but no wildcard covers it either (Z12).
//
// The caller serialises writers, and keeps them out while it reads.
type Table struct {
	nodes map[string]node      // values, not pointers, because the garbage collector would have to visit each of many pointers
	wild  map[string]*wildcard // by the parent of the wildcard
	cuts  int                  // the sum of node.cuts
}

type node struct {
	claims claims
	below  int32 // existing names directly below this one, including wildcards
	cuts   int32 // claims that delegate this name
	fixed  bool  // the name exists regardless of claims
	wild   bool  // a wildcard directly below this name is claimed

	excluded      bool // no wildcard and no delegation covers this name
	excludedBelow bool // no wildcard and no delegation covers the names below this one
}

type claims struct{ all, ready int32 }

type wildcard struct {
	name   string
	claims [reaches]claims
}

func (n node) exists() bool { return n.claims.ready > 0 || n.below > 0 || n.fixed }

func (w *wildcard) ready() bool {
	return w != nil && w.claims[Closest].ready+w.claims[OneLabel].ready+w.claims[AnyDepth].ready > 0
}

// Add counts a claim on a canonical name. The reach matters for wildcards only.
func (t *Table) Add(name string, reach Reach, ready bool) { t.count(name, reach, ready, 1) }

// Remove reverts Add.
func (t *Table) Remove(name string, reach Reach, ready bool) { t.count(name, reach, ready, -1) }

// Fix makes a name exist regardless of claims, as the apex of a zone does. Unlike an empty non-terminal, a fixed name is still
// covered by wildcards of reach OneLabel and AnyDepth. A wildcard of reach Closest does not cover it (RFC 4592).
func (t *Table) Fix(name string) {
	n := t.nodes[name]
	existed := n.exists()
	n.fixed = true
	t.put(name, n, existed)
}

// Exclude prevents wildcards and delegations from covering a name or, if it is a wildcard, all names below its suffix. The caller
// must not add claims on these names.
func (t *Table) Exclude(name string) {
	if t.nodes == nil {
		t.nodes = map[string]node{}
	}
	suffix, wild := CutWildcard(name)
	n := t.nodes[suffix]
	n.excluded, n.excludedBelow = n.excluded || !wild, n.excludedBelow || wild
	t.nodes[suffix] = n
}

// AddCut counts a claim that delegates a name, which makes the name a zone cut (RFC 1034 section 4.2.1). The claim has been counted
// with Add.
func (t *Table) AddCut(name string) {
	t.countCut(name, 1)
}

// RemoveCut reverts AddCut. It is called before Remove.
func (t *Table) RemoveCut(name string) {
	t.countCut(name, -1)
}

func (t *Table) countCut(name string, by int32) {
	n := t.nodes[name]
	n.cuts += by
	t.nodes[name] = n
	t.cuts += int(by)
}

// Cut returns the zone cut nearest to apex that a name below apex is at or below.
func (t *Table) Cut(name, apex string) (cut string, ok bool) {
	if t.cuts == 0 {
		return "", false
	}
	if t.nodes[name].excluded {
		return "", false
	}
	for name != apex {
		if t.nodes[name].cuts > 0 {
			cut, ok = name, true
		}
		name, _ = Parent(name)
		if t.nodes[name].excludedBelow {
			return "", false
		}
	}
	return cut, ok
}

func (t *Table) count(name string, reach Reach, ready bool, by int32) {
	suffix, wild := CutWildcard(name)
	n := t.nodes[suffix]
	existed := n.exists()
	if wild {
		n.below += t.countWildcard(suffix, name, reach, ready, by)
		n.wild = t.wild[suffix] != nil
	} else {
		n.claims.count(ready, by)
	}
	t.put(suffix, n, existed)
}

// countWildcard counts a claim on the wildcard directly below suffix. It returns 1 if the wildcard begins to exist, -1 if it ceases
// to exist, and otherwise 0.
func (t *Table) countWildcard(suffix, name string, reach Reach, ready bool, by int32) int32 {
	w := t.wild[suffix]
	was := w.ready()
	if w == nil {
		if t.wild == nil {
			t.wild = map[string]*wildcard{}
		}
		w = &wildcard{name: name}
		t.wild[suffix] = w
	}
	w.claims[reach].count(ready, by)
	if w.claims == ([reaches]claims{}) {
		delete(t.wild, suffix)
	}
	return delta(was, w.ready())
}

func (c *claims) count(ready bool, by int32) {
	c.all += by
	if ready {
		c.ready += by
	}
}

// put stores the node of a name, or deletes it if it is empty. If the name began or ceased to exist, put updates the names above.
func (t *Table) put(name string, n node, existed bool) {
	if t.nodes == nil {
		t.nodes = map[string]node{}
	}
	for {
		if n == (node{}) {
			delete(t.nodes, name)
		} else {
			t.nodes[name] = n
		}
		change := delta(existed, n.exists())
		parent, ok := Parent(name)
		if change == 0 || !ok {
			return
		}
		name, n = parent, t.nodes[parent]
		existed = n.exists()
		n.below += change
	}
}

func delta(was, is bool) int32 {
	switch {
	case is && !was:
		return 1
	case was && !is:
		return -1
	}
	return 0
}

// Len returns the number of nodes: names that are claimed, exist, or are excluded.
func (t *Table) Len() int { return len(t.nodes) }
