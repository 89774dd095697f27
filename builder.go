package gateway

import (
	"cmp"
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/names"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// builder makes the record of one object. A bad value costs that value only: it is noted and left
// out (N5).
type builder struct {
	*Gateway
	sort names.Sort
	rec  *record
	skips
	annotations
	left        string // why the object does not count
	quiet       bool   // and nobody expects it to
	addresses   *data  // that hostnames of the load balancer beat; nil for none
	moreRecords int    // that entries hold besides one each, where names multiply with them
	cut         bool   // names were left out, for there are too many

	excluded []string // names that the stanza excludes, where there is a status page
	labels   int      // in all names
}

// leave notes why the object does not count, and reports whether that is all there is to do: names are read for
// explanations and the status page only.
func (b *builder) leave(why string) bool {
	b.left = cmp.Or(b.left, why)
	return !b.keepsLeftOut()
}

// leftOut returns an object that does not count, or nil where nobody wants to know.
func (b *builder) leftOut() *leftOut {
	if !b.keepsLeftOut() {
		return nil
	}
	l := &leftOut{meta: b.rec.meta, reason: b.left, quiet: b.quiet}
	for _, e := range b.rec.entries {
		l.names = append(l.names, e.name)
	}
	l.names = append(l.names, b.excluded...)
	slices.Sort(l.names)
	l.names = slices.Compact(l.names)
	return l
}

// excludedNames returns those names of an object that counts which the stanza excludes, or nil where there are none.
func (b *builder) excludedNames() *leftOut {
	if len(b.excluded) == 0 {
		return nil
	}
	slices.Sort(b.excluded)
	return &leftOut{meta: b.rec.meta, reason: excludedReason, names: slices.Compact(b.excluded)}
}

// newData returns data with what the object's annotations say.
func (b *builder) newData() *data {
	d := &data{ttl: b.annotations.ttl, others: nothing}
	if b.annotations.targets != nil {
		d.targets = *b.annotations.targets
	}
	return d
}

// point returns data with targets of the object's own, unless an annotation replaces them.
func (b *builder) point(own func() targets) *data {
	d := b.newData()
	if b.annotations.targets == nil {
		d.targets = own()
	}
	return d
}

// prefer has the hostnames of a load balancer beat its addresses, where the stanza says so (C7).
func (b *builder) prefer(t *targets) {
	if b.filters.preferHostnames && len(t.hosts) > 0 && len(t.addrs) > 0 {
		b.addresses = &data{ttl: b.annotations.ttl, targets: targets{addrs: t.addrs}, others: nothing}
		t.addrs = nil
	}
}

// target returns what a name has from data: the data, or where these are an alias of the name itself, which is none (C5), the addresses that the
// alias beats.
func (b *builder) target(name string, d *data) *data {
	if b.addresses == nil || len(d.hosts) != 1 || d.hosts[0] != name {
		return d
	}
	return b.addresses
}

// claimAnnotated files data under the names that a hostname annotation adds.
func (b *builder) claimAnnotated(d *data) {
	b.skips.from(b.hostnameKey, func() {
		for _, host := range b.hostnames {
			b.claim(host, d)
		}
	})
}

// record returns what was built, or nil where the object has nothing to say.
func (b *builder) record() *record {
	if len(b.rec.entries) == 0 && len(b.skips) == 0 && b.rec.resolved == nil {
		return nil
	}
	b.rec.settle()
	b.limit()
	b.rec.skipped = b.skips.kept()
	return b.rec.packed()
}

// claim files data under a name that is absolute, if it reaches into a zone (N3).
func (b *builder) claim(host string, d *data) {
	if name, ok := b.name(host, names.Hostname); ok {
		b.file(name, d)
	}
}

// relative returns the names that a name of an object stands for: itself if it is in a zone, else that name
// in each of them. A bad one stands for none.
func (b *builder) relative(host string) []string {
	name, ok := b.name(host, names.Hostname)
	switch {
	case !ok:
		return nil
	case b.zones.reach(name, b.sort) || b.zones.elsewhere(name) || b.excludes(name):
		return []string{name}
	}
	return b.everywhere(name)
}

// everywhere returns a name in every zone that is not a reverse zone.
func (b *builder) everywhere(label string) []string {
	var list []string
	for _, z := range b.zones.all {
		if z.reverse {
			continue
		}
		if name, ok := b.name(names.Join(label, z.name), names.Hostname); ok {
			list = append(list, name)
		}
	}
	return list
}

// excludes reports whether the stanza excludes a name, which is then noted for the status page.
func (b *builder) excludes(name string) bool {
	if !b.zones.hidden.has(name) {
		return false
	}
	if b.status != "" && len(b.excluded) < maxEntries {
		b.excluded = append(b.excluded, name)
	}
	return true
}

// file files data under a canonical name, if it reaches into a zone.
func (b *builder) file(name string, d *data) {
	if !b.excludes(name) && b.zones.reach(name, b.sort) && !b.full() {
		b.rec.entries = append(b.rec.entries, entry{name, b.target(name, d)})
		b.labels += names.Labels(name)
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
	a, err := target.Parse(value)
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

// hostname reads what something is an alias of. No top-level domain is a number (RFC 3696 section 2): what ends in
// one is an address that is wrong.
func (s *skips) hostname(value string) (string, bool) {
	return s.name(value, func(value string) (string, error) {
		name, err := names.Owner(value)
		_, wild := names.IsWildcard(name)
		switch last := name[strings.LastIndexByte(name, '.')+1:]; {
		case err != nil:
			return "", err
		case wild:
			return "", names.ErrWildcard
		case strings.Trim(last, "0123456789") == "":
			return "", target.ErrAddress
		}
		return name, nil
	})
}

// skip is a value that cannot be served.
type skip struct {
	reason string // one of few, for the metric
	text   string
}

type skips []skip

// kept returns what is worth keeping.
func (s skips) kept() *skips {
	if len(s) == 0 {
		return nil
	}
	return &s
}

func (s *skips) skip(reason, value string, err error) {
	*s = append(*s, skip{reason, quote(brevity(value)) + " " + brevity(err.Error())})
}

// from has what is skipped meanwhile say which annotation it is from.
func (s *skips) from(annotation string, read func()) {
	before := len(*s)
	read()
	for i := before; i < len(*s); i++ {
		(*s)[i].text = annotation + ": " + (*s)[i].text
	}
}

// badTarget returns what is wrong with the target annotation of an object, or "".
func (m meta) badTarget() string {
	for _, s := range m.bad() {
		if key, _, ok := strings.Cut(s.text, ": "); ok && strings.HasSuffix(key, "/target") {
			return s.text
		}
	}
	return ""
}

// brevity cuts a text that is too long for a line of a log. What is cut is not read: it may be the half of a letter.
func brevity(text string) string {
	if len(text) > 300 {
		return text[:300] + "…"
	}
	return text
}
