package record

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// skip is a value that cannot be served.
type skip struct {
	Reason string // the label of the metric: one of a few words
	Text   string // the value, and what is wrong with it
	Owner  string // the canonical name that the value is for; empty if it is for no name or for several
	Type   string // of the records that the value is for; empty if it is not a type of DNS
}

// String says what is skipped, for the log.
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

// Cause is the value and what is wrong with it, with the type of record that the value is for.
func (s skip) Cause() string {
	if s.Type != "" {
		return s.Type + ": " + s.Text
	}
	return s.Text
}

// Skips lists the values of an object that cannot be served. Its methods parse values: a bad value is added to the list, and
// the rest of the object is served (N5).
type Skips []skip

// Kept returns the list for Meta.Skipped: nil if it is empty.
func (s Skips) Kept() *Skips {
	if len(s) == 0 {
		return nil
	}
	return &s
}

// Skip adds a value, and why it cannot be served.
func (s *Skips) Skip(reason, value string, err error) {
	*s = append(*s, skip{Reason: reason, Text: Quote(Shorten(value)) + " " + Shorten(err.Error())})
}

// From adds the name of an annotation to every value that read skips.
func (s *Skips) From(annotation string, read func()) {
	before := len(*s)
	read()
	for i := before; i < len(*s); i++ {
		(*s)[i].Text = annotation + ": " + (*s)[i].Text
	}
}

// At adds the owner name and the type of record to every value that read skips. All values share the two strings, because an
// object may have very many bad values for one name (N7).
func (s *Skips) At(owner, rrtype string, read func()) {
	before := len(*s)
	read()
	for i := before; i < len(*s); i++ {
		(*s)[i].Owner, (*s)[i].Type = owner, rrtype
	}
}

// maxSearched is how many values Cause looks at. A question must not cost by the number of bad values (N7).
const maxSearched = 1000

// Cause returns what is wrong with the first bad value of a name, or an empty string.
func (s Skips) Cause(owner string) string {
	for _, bad := range s[:min(len(s), maxSearched)] {
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
		_, wild := dnsname.IsWildcard(name)
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

// Shorten cuts a text to 300 octets, so that it fits into a log line. The cut may split a letter.
func Shorten(text string) string {
	if len(text) > 300 {
		return text[:300] + "…"
	}
	return text
}

// Quote quotes a string of the cluster for the log.
func Quote(s string) string { return strconv.QuoteToASCII(s) }

// SettleTargets sorts targets, and drops those that no reply has room for.
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
	s.Skip(reason, fmt.Sprint(list[most]), fmt.Errorf("and %d more come after %d others, and are too many", len(list)-most-1, most))
	return list[:most:most]
}

// BadTarget returns what is wrong with the target annotation of an object, or an empty string.
func (m Meta) BadTarget() string {
	for _, s := range m.SkippedValues() {
		if key, _, ok := strings.Cut(s.Text, ": "); ok && strings.HasSuffix(key, "/target") {
			return s.Text
		}
	}
	return ""
}
