// Package dnsname provides the canonical form of domain names, and a table of the names that exist.
//
// A canonical name is in lower case, has no trailing dot, and consists of A-labels (RFC 5890). Two names are equal if and only
// if their canonical strings are. The root is the empty string. A wildcard is written as its owner name, "*.example.com".
package dnsname

import (
	"errors"
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
)

// The reasons a string is not a name.
var (
	errEmpty     = errors.New("is empty")
	errAddress   = errors.New("is an IP address, not a name")
	errLength    = errors.New("is longer than 253 octets, or has a label that is empty or longer than 63")
	errCharacter = errors.New("has a character that is not allowed in a host name")
	ErrWildcard  = errors.New("has a '*' that is not the whole leftmost label")
)

const (
	maxName  = 253 // octets of a name in text form, RFC 1035 section 2.3.4
	maxLabel = 63  // octets of a label
)

// Hostname returns the canonical form of s, which must be a host name (RFC 1123 section 2.1) or a wildcard over host names. IP
// addresses are errors.
func Hostname(s string) (string, error) { return parse(s, false) }

// Owner is Hostname for owner names of records, whose labels may also contain underscores (RFC 2782, RFC 8552).
func Owner(s string) (string, error) { return parse(s, true) }

func parse(s string, underscore bool) (string, error) {
	s = strings.TrimSuffix(s, ".")
	if s == "" {
		return "", errEmpty
	}
	s, err := fold(s)
	if err != nil {
		return "", err
	}
	if _, err := netip.ParseAddr(s); err == nil {
		return "", errAddress
	}
	if len(s) > maxName {
		return "", errLength
	}
	if s == "*" {
		return s, nil
	}
	for label := range strings.SplitSeq(strings.TrimPrefix(s, "*."), ".") {
		if err := checkLabel(label, underscore); err != nil {
			return "", err
		}
	}
	return s, nil
}

// fold lower-cases s and converts U-labels to A-labels (RFC 5891). It converts each label by itself, because IDNA would refuse
// other labels of the name, such as "*" and those with underscores. A lower-case ASCII name, the usual case, costs nothing.
func fold(s string) (string, error) {
	if isASCII(s) {
		return strings.ToLower(s), nil
	}
	labels := strings.Split(dots.Replace(s), ".")
	for i, label := range labels {
		if isASCII(label) {
			labels[i] = strings.ToLower(label)
			continue
		}
		a, err := idna.Lookup.ToASCII(label)
		if err != nil {
			return "", errCharacter
		}
		labels[i] = a
	}
	return strings.Join(labels, "."), nil
}

// dots replaces the characters that IDNA treats as a dot (RFC 5895 section 2).
var dots = strings.NewReplacer("\u3002", ".", "\uff0e", ".", "\uff61", ".")

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func checkLabel(label string, underscore bool) error {
	if label == "" || len(label) > maxLabel {
		return errLength
	}
	for i := range len(label) {
		switch c := label[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		case c == '-' && i > 0 && i < len(label)-1:
		case c == '_' && underscore:
		case c == '*':
			return ErrWildcard
		default:
			return errCharacter
		}
	}
	return nil
}

// IsWildcard reports whether a canonical name is a wildcard.
func IsWildcard(name string) bool { return name == "*" || strings.HasPrefix(name, "*.") }

// CutWildcard returns the name below which a wildcard matches, and true. For any other canonical name it returns the name itself,
// and false.
func CutWildcard(name string) (suffix string, wild bool) {
	if name == "*" {
		return "", true
	}
	return strings.CutPrefix(name, "*.")
}

// IsUnderscored reports whether the first label of a name begins with an underscore (RFC 8552). No host name does (RFC 1123).
func IsUnderscored(name string) bool { return name != "" && name[0] == '_' }

// Within reports whether name is zone or lies below it. Both are canonical, or both are FQDNs other than the root.
func Within(name, zone string) bool {
	if zone == "" || name == zone {
		return true
	}
	i := len(name) - len(zone)
	return i > 0 && name[i-1] == '.' && name[i:] == zone
}

// Join returns label and zone as one name.
func Join(label, zone string) string {
	if zone == "" {
		return label
	}
	return label + "." + zone
}

// Labels returns the number of labels of a canonical name. It is one too high for the root.
func Labels(name string) int { return strings.Count(name, ".") + 1 }

// Parent returns a name without its leftmost label. An escaped dot, which a name in a question may have, does not end a label (RFC
// 1035 section 5.1). The root has no parent.
func Parent(name string) (parent string, ok bool) {
	if name == "" {
		return "", false
	}
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '\\':
			i++
		case '.':
			return name[i+1:], true
		}
	}
	return "", true
}
