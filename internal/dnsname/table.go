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
	nodes map[string]node      // in the map itself: there are many, and each piece is one more for Go to look at when it collects garbage
	wild  map[string]*wildcard // by the name that they are directly below
	cuts  int                  // in all nodes
}

type node struct {
	claims claims
	below  int32 // names that exist directly below this one, wildcards among them
	cuts   int32 // claims that delegate this name
	fixed  bool  // exists whatever the claims say
	wild   bool  // there is a wildcard directly below this name

	excluded      bool // no wildcard and no delegation covers this name
	excludedBelow bool // nor any name below it
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

// Remove takes back what Add counted.
func (t *Table) Remove(name string, reach Reach, ready bool) { t.count(name, reach, ready, -1) }

// Fix makes a name exist for good, as the apex of a zone does. Wildcards from above still cover it.
func (t *Table) Fix(name string) {
	n := t.nodes[name]
	existed := n.exists()
	n.fixed = true
	t.put(name, n, existed)
}

// Exclude keeps wildcards and delegations from a name or, where it is a wildcard, from all names below that suffix. Claims on
// such names are for the caller to leave out.
func (t *Table) Exclude(name string) {
	if t.nodes == nil {
		t.nodes = map[string]node{}
	}
	suffix, wild := CutWildcard(name)
	if !wild {
		suffix = name
	}
	n := t.nodes[suffix]
	n.excluded, n.excludedBelow = n.excluded || !wild, n.excludedBelow || wild
	t.nodes[suffix] = n
}

// AddCut counts a claim that delegates a name which Add has counted: the name is the top of a zone
// that is not ours (RFC 1034 section 4.2.1).
func (t *Table) AddCut(name string) {
	t.countCut(name, 1)
}

// RemoveCut takes back what AddCut counted. It comes before Remove.
func (t *Table) RemoveCut(name string) {
	t.countCut(name, -1)
}

func (t *Table) countCut(name string, by int32) {
	n := t.nodes[name]
	n.cuts += by
	t.nodes[name] = n
	t.cuts += int(by)
}

// Cut returns the name nearest to apex at which a name that lies below apex is delegated.
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
	if !wild {
		suffix = name
	}
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

// countWildcard counts a claim on the wildcard below a name, and returns by how many the names that exist there change.
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

// put keeps a node, unless it is no longer used, and tells the names above when the one at it began or ceased to exist.
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

// Len returns how many names are claimed or exist.
func (t *Table) Len() int { return len(t.nodes) }
