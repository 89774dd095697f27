package gateway

import "fmt"

// What one object may say. No object that means well comes near, and none may take the memory or the time of all.
const (
	maxEntries = 1 << 15 // names, each as often as it has a type: what multiplies, such as names and ports, could be millions
	maxLabels  = 1 << 17 // in all names: each may be a name in between
	maxRecords = 1 << 12 // of one type at a name: a reply has room for no more (RFC 1035 section 4.2.2)
	maxHosts   = 1 << 10 // of a route, which are matched with every listener

	maxBindings = 1 << 12 // of a route: names under its Gateways
	maxPairs    = 1 << 19 // of a route: hosts matched with listeners
)

// settle puts targets in order, and leaves out what is too much. Of the hostnames no more are ever followed.
func (s *skips) settle(t *targets) {
	t.sort()
	t.addrs = limited(s, "address", t.addrs, maxRecords)
	t.hosts = limited(s, "name", t.hosts, maxNames)
}

// limited returns the first of a list, and notes how many are left out.
func limited[T any](s *skips, reason string, list []T, most int) []T {
	if len(list) <= most {
		return list
	}
	s.skip(reason, fmt.Sprint(list[most]), fmt.Errorf("and %d more come after %d others, and are too many", len(list)-most-1, most))
	return list[:most:most]
}

// full reports whether the object has no more room for names, and notes it.
func (b *builder) full() bool {
	if len(b.rec.entries)+b.moreRecords < maxEntries {
		return false
	}
	if !b.cut {
		b.cut = true
		b.skip("name", b.rec.key(), fmt.Errorf("claims more than %d names, the rest is left out", maxEntries))
	}
	return true
}

// limit leaves out records of a name that are too many.
func (b *builder) limit() {
	for i := range b.rec.entries {
		e := &b.rec.entries[i]
		if len(e.data.addrs) <= maxRecords && len(e.data.hosts) <= maxNames && len(e.data.rrs) <= maxRecords {
			continue
		}
		d, more := *e.data, *e.data.others
		d.others = &more
		b.settle(&d.targets)
		more.rrs = limited(&b.skips, "record", more.rrs, maxRecords)
		e.data = &d
	}
}
