package record

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// skip is a value that cannot be served.
type skip struct {
	Reason string // the label of the metric: one of a few words
	Text   string // the value, and what is wrong with it
	Owner  string // the canonical owner name of the value's records; empty if there is none, or several
	Type   string // the type of the value's records; empty if it is not a type of DNS
}

// String returns the skipped value and what is wrong with it, for the log.
func (s skip) String() string {
	switch {
	case s.Type != "":
		return s.Owner + " " + s.Cause()
	case s.Owner != "":
		return s.Owner + ": " + s.Text
	case strings.HasPrefix(s.Text, `"`):
		return "a value: " + s.Text
	}
	return s.Text
}

// Cause returns the value and what is wrong with it, after the type of its records.
func (s skip) Cause() string {
	if s.Type != "" {
		return s.Type + ": " + s.Text
	}
	return s.Text
}

// Skips lists the values of an object that cannot be served. Its methods parse values: a bad value is added to the list, and
// the rest of the object is served (N5).
//
// An object may have a hundred thousand bad values of two octets each. The list holds the first MaxSkipped of them. Of each
// annotation and each endpoint it also holds the first bad value, because explanations name it, up to maxSections values in all.
// The others are only counted, by reason (N7).
type Skips struct {
	values  []skip
	more    []SkipCount // in the order in which the reasons came up
	section bool        // the next value is the first of an annotation or an endpoint
}

// SkipCount is how many values were skipped for a reason and are not in the list.
type SkipCount struct {
	Reason string
	Count  int
}

const (
	MaxSkipped  = 20  // bad values of one object that are listed and logged
	maxSections = 256 // bad values of one object, with those that are listed as the first of an annotation or an endpoint
)

// SkipObject returns Skips that say why a whole object cannot be served.
func SkipObject(problem error) *Skips {
	return &Skips{values: []skip{{Reason: "object", Text: "the whole object: " + wording.Shorten(problem.Error())}}}
}

// AnySkipped reports whether a value was skipped.
func (s *Skips) AnySkipped() bool { return len(s.values) > 0 }

// Values returns the values in the list.
func (s Skips) Values() []skip { return s.values }

// More returns how many more values were skipped, by reason.
func (s Skips) More() []SkipCount { return s.more }

// Equal reports whether two Skips have the same values in their lists, and counted as many others.
func (s Skips) Equal(t Skips) bool {
	return slices.Equal(s.values, t.values) && slices.Equal(s.more, t.more)
}

// OrNil returns the list for Meta.Skipped: nil if it is empty.
func (s Skips) OrNil() *Skips {
	if !s.AnySkipped() {
		return nil
	}
	return &s
}

// Skip adds a value, and why it cannot be served.
func (s *Skips) Skip(reason, value string, err error) {
	if n := len(s.values); n >= MaxSkipped && (!s.section || n >= maxSections) {
		s.count(reason)
		return
	}
	s.section = false
	s.values = append(s.values, skip{Reason: reason, Text: wording.Quote(wording.Shorten(value)) + " " + wording.Shorten(err.Error())})
}

// count counts a value that is not in the list.
func (s *Skips) count(reason string) {
	n := slices.IndexFunc(s.more, func(c SkipCount) bool { return c.Reason == reason })
	if n < 0 {
		n = len(s.more)
		s.more = append(s.more, SkipCount{Reason: reason})
	}
	s.more[n].Count++
}

// WithAnnotation adds the name of an annotation to every value that read skips.
func (s *Skips) WithAnnotation(annotation string, read func()) {
	for i := range s.read(read) {
		s.values[i].Text = annotation + ": " + s.values[i].Text
	}
}

// WithOwner adds the owner name and the type of record to every value that read skips.
func (s *Skips) WithOwner(owner, rrtype string, read func()) {
	for i := range s.read(read) {
		s.values[i].Owner, s.values[i].Type = owner, rrtype
	}
}

// read calls a function that reads an annotation or an endpoint, and returns the indexes of the values that it adds.
func (s *Skips) read(read func()) iter.Seq[int] {
	before := len(s.values)
	s.section = true
	read()
	s.section = false
	return func(yield func(int) bool) {
		for i := before; i < len(s.values) && yield(i); i++ {
		}
	}
}

// Cause returns what is wrong with the first bad value of a name, or an empty string.
func (s Skips) Cause(owner string) string {
	for _, bad := range s.values {
		if bad.Owner == owner {
			return bad.Cause()
		}
	}
	return ""
}

// ParseName parses a name with one of the functions of package dnsname.
func (s *Skips) ParseName(value string, parse func(string) (string, error)) (string, bool) {
	name, err := parse(strings.TrimSpace(value))
	if err != nil {
		s.Skip("name", value, err)
	}
	return name, err == nil
}

// AddAddress adds an address to targets. The caller calls SettleTargets after the last one. An empty value is ignored.
func (s *Skips) AddAddress(t *Targets, value string) {
	if value == "" {
		return
	}
	a, err := target.Parse(value)
	if err != nil {
		s.Skip("address", value, err)
		return
	}
	t.Addrs = append(t.Addrs, a)
}

// AddHost adds a hostname to targets, unless it is a wildcard (C5). An empty value is ignored.
func (s *Skips) AddHost(t *Targets, value string) {
	if value == "" {
		return
	}
	if name, ok := s.ParseHostname(value); ok {
		t.Hosts = append(t.Hosts, name)
	}
}

// ParseHostname parses the target of an alias. No top-level domain is a number (RFC 3696 section 2), so a value that ends in a
// number is a malformed address.
func (s *Skips) ParseHostname(value string) (string, bool) {
	return s.ParseName(value, func(value string) (string, error) {
		name, err := dnsname.Owner(value)
		wild := dnsname.IsWildcard(name)
		switch last := name[strings.LastIndexByte(name, '.')+1:]; {
		case err != nil:
			return "", err
		case wild:
			return "", dnsname.ErrWildcard
		case strings.Trim(last, "0123456789") == "":
			return "", target.ErrAddress
		}
		return name, nil
	})
}

// SettleTargets sorts targets, drops duplicates, and skips those that do not fit into a reply.
func (s *Skips) SettleTargets(t *Targets) {
	t.sort()
	if v4, v6 := target.Split(t.Addrs); FittingAddrs(v4) < len(v4) || FittingAddrs(v6) < len(v6) {
		t.Addrs = slices.Concat(Limit(s, "address", v4, FittingAddrs(v4)), Limit(s, "address", v6, FittingAddrs(v6)))
	}
	t.Hosts = Limit(s, "name", t.Hosts, MaxHostnames)
}

// Limit returns at most the first values of a list, and adds a note if it drops some.
func Limit[T any](s *Skips, reason string, list []T, most int) []T {
	if len(list) <= most {
		return list
	}
	err := fmt.Errorf("comes after %d others, which is too many", most)
	if more := len(list) - most - 1; more > 0 {
		err = fmt.Errorf("and %d more come after %d others, and are too many", more, most)
	}
	s.Skip(reason, fmt.Sprint(list[most]), err)
	return list[:most:most]
}

// BadTarget returns what is wrong with the target annotation of an object, or an empty string.
func (m Meta) BadTarget() string {
	for _, s := range m.SkippedValues().values {
		if key, _, ok := strings.Cut(s.Text, ": "); ok && strings.HasSuffix(key, "/target") {
			return s.Text
		}
	}
	return ""
}
