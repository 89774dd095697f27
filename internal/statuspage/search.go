package statuspage

import (
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/names"
)

// word is one of those that a row must have to be found.
type word struct {
	text   string // lower-case
	before string // of a word namespace/object, the part before the slash, and
	after  string // the one behind it
	pair   bool   // there is a slash
}

// words splits a search text at white space. Names are looked for as DNS has them, whatever their script.
func words(text string) []word {
	var list []word
	for _, w := range strings.Fields(text) {
		if a, err := names.Owner(w); err == nil && !ascii(w) {
			w = a
		}
		w = strings.ToLower(w)
		before, after, pair := strings.Cut(w, "/")
		list = append(list, word{w, before, after, pair})
	}
	return list
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

// in reports whether a row has the word: within one of its texts, or as its kind or type.
func (w word) in(r *Row) bool {
	return contains(r.Name, w.text) || contains(r.Data, w.text) || contains(r.Object, w.text) ||
		contains(r.Namespace, w.text) || contains(r.Cluster, w.text) || contains(r.Reason, w.text) ||
		strings.EqualFold(r.Kind, w.text) || strings.EqualFold(r.Type, w.text) ||
		w.pair && strings.HasSuffix(r.Namespace, w.before) && strings.HasPrefix(r.Object, w.after)
}

// contains is strings.Contains without regard to case. What is asked for is lower-case, and nearly
// everything it is asked of is so, too.
func contains(s, lower string) bool {
	if strings.Contains(s, lower) {
		return true
	}
	if strings.IndexFunc(s, func(r rune) bool { return 'A' <= r && r <= 'Z' || r >= 0x80 }) < 0 {
		return false
	}
	return strings.Contains(strings.ToLower(s), lower)
}

// askedAbout returns the canonical name that a search text is, if it may be a whole name. Certainly
// so where the text ends in a dot.
func askedAbout(text string) (name string, certain, ok bool) {
	name, err := names.Owner(text)
	certain = strings.HasSuffix(text, ".")
	return name, certain, err == nil && (certain || strings.Contains(name, "."))
}
