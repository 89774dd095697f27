package gateway

import (
	"strings"

	"github.com/k8s-gateway/k8s_gateway/internal/names"
	"github.com/k8s-gateway/k8s_gateway/internal/target"
)

// builder makes the record of one object. A bad value costs that value only: it is noted and left
// out (N5).
type builder struct {
	*Gateway
	sort names.Sort
	rec  *record
	skips
}

// record returns what was built, or nil where the object has nothing to say.
func (b *builder) record() *record {
	if len(b.rec.entries) == 0 && len(b.skips) == 0 {
		return nil
	}
	b.rec.skipped = b.skips
	b.rec.settle()
	return b.rec
}

// claim files data under a name that is absolute, if it reaches into a zone (N3).
func (b *builder) claim(name string, d *data) bool {
	name, ok := b.name(name, names.Hostname)
	if ok {
		b.file(name, d)
	}
	return ok
}

// claimRelative files data under a name in a zone or, where it is in none, under that name in each of
// them. It reports whether the name was good.
func (b *builder) claimRelative(host string, d *data) bool {
	name, ok := b.name(host, names.Hostname)
	switch {
	case !ok:
		return false
	case b.zones.reach(name, b.sort):
		b.file(name, d)
		return true
	}
	return b.claimEverywhere(name, d)
}

// claimEverywhere files data under a name in every zone that is not a reverse zone.
func (b *builder) claimEverywhere(label string, d *data) (ok bool) {
	for _, z := range b.zones.all {
		ok = !z.reverse && b.claim(names.Join(label, z.name), d) || ok
	}
	return ok
}

// file files data under a canonical name, if it reaches into a zone.
func (b *builder) file(name string, d *data) {
	if b.zones.reach(name, b.sort) {
		b.rec.entries = append(b.rec.entries, entry{name, d})
	}
}

func (s *skips) name(value string, parse func(string) (string, error)) (string, bool) {
	name, err := parse(strings.TrimSpace(value))
	if err != nil {
		s.skip("name", value, err)
	}
	return name, err == nil
}

// address adds an address to targets, which the caller sorts when they are whole. An empty value is no
// value.
func (s *skips) address(t *targets, value string) {
	if value == "" {
		return
	}
	a, err := target.Addr(value)
	if err != nil {
		s.skip("address", value, err)
		return
	}
	t.addrs = append(t.addrs, a)
}

// host adds a hostname to targets. It must not be a wildcard (C5).
func (s *skips) host(t *targets, value string) {
	if value == "" {
		return
	}
	if name, ok := s.hostname(value); ok {
		t.hosts = append(t.hosts, name)
	}
}

func (s *skips) hostname(value string) (string, bool) {
	return s.name(value, func(value string) (string, error) {
		name, err := names.Owner(value)
		if _, wild := names.IsWildcard(name); wild && err == nil {
			err = names.ErrWildcard
		}
		return name, err
	})
}

// skip is a value that cannot be served.
type skip struct {
	reason string // one of few, for the metric
	text   string
}

type skips []skip

func (s *skips) skip(reason, value string, err error) {
	if len(value) > 300 {
		value = value[:300] + "…"
	}
	*s = append(*s, skip{reason, quote(value) + " " + err.Error()})
}
