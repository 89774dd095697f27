package statuspage

import (
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

// word is one of those that a row must have to be found.
type word struct {
	text   string // lower-case
	before string // of a word namespace/object, the part before the slash, and
	after  string // the one behind it
	pair   bool   // there is a slash
}

// wordSet is a set of the words of a search, a bit for each.
type wordSet uint32

// maxWords is how many words a search may have.
const maxWords = 32

// words splits a search text at white space. Names are looked for as DNS has them, whatever their script.
func words(text string) []word {
	var list []word
	for _, w := range strings.Fields(text) {
		if a, err := dnsname.Owner(w); err == nil && !ascii(w) {
			w = a
		}
		w = strings.ToLower(w)
		before, after, pair := strings.Cut(w, "/")
		if w := (word{w, before, after, pair}); !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	return list
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

// in reports whether all rows of a claim have the word: within one of their texts but the data, or as their kind or type.
func (w *word) in(c *Claim) bool {
	return contains(c.Name, w.text) || contains(c.Object.Name, w.text) ||
		contains(c.Namespace, w.text) || contains(c.Cluster, w.text) || contains(c.Reason, w.text) ||
		strings.EqualFold(c.Kind, w.text) || strings.EqualFold(c.Type, w.text) ||
		w.pair && strings.HasSuffix(c.Namespace, w.before) && strings.HasPrefix(c.Object.Name, w.after)
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

// search finds the rows that have all of some words. It looks at data that claims share once for all of them.
type search struct {
	words  []word
	within map[Data][]wordSet // the words that each record of shared data has
	counts map[partly]int
}

// partly is data in which only the rows that have some words match.
type partly struct {
	data Data
	rest wordSet
}

// ownData is up to how many records data are looked at anew each time. Most data are short and belong to one claim.
const ownData = 8

func newSearch(text string) *search {
	return &search{words: words(text), within: map[Data][]wordSet{}, counts: map[partly]int{}}
}

// rest returns the words that the rows of a claim must have in their data to match.
func (s *search) rest(c *Claim) (rest wordSet) {
	for i := range s.words {
		if !s.words[i].in(c) {
			rest |= 1 << i
		}
	}
	return rest
}

// count returns how many rows of a claim match.
func (s *search) count(c *Claim, rest wordSet) (n int) {
	switch {
	case rest == 0:
		return c.rows()
	case c.Data == nil:
		return 0
	case c.Data.Len() <= ownData:
		for i := range c.Data.Len() {
			if s.found(c.Data.At(i))&rest == rest {
				n++
			}
		}
		return n
	}
	key := partly{c.Data, rest}
	n, ok := s.counts[key]
	if !ok {
		for _, found := range s.records(c.Data) {
			if found&rest == rest {
				n++
			}
		}
		s.counts[key] = n
	}
	return n
}

// records returns the words that each record of data has.
func (s *search) records(d Data) []wordSet {
	list, ok := s.within[d]
	if !ok {
		list = make([]wordSet, d.Len())
		for i := range list {
			list[i] = s.found(d.At(i))
		}
		if len(list) > ownData {
			s.within[d] = list
		}
	}
	return list
}

// found returns the words that a text has.
func (s *search) found(text string) (found wordSet) {
	for i := range s.words {
		if contains(text, s.words[i].text) {
			found |= 1 << i
		}
	}
	return found
}

// matching returns which rows of a claim match, in order. It is for few claims at a time.
func (s *search) matching(c *Claim, rest wordSet) (rows []int32) {
	if rest == 0 {
		for i := range c.rows() {
			rows = append(rows, int32(i))
		}
		return rows
	}
	for i, found := range s.records(c.Data) {
		if found&rest == rest {
			rows = append(rows, int32(i))
		}
	}
	return rows
}

// askedAbout returns the canonical name that a search text is, if it may be a whole name. Certainly
// so where the text ends in a dot.
func askedAbout(text string) (name string, certain, ok bool) {
	name, err := dnsname.Owner(text)
	certain = strings.HasSuffix(text, ".")
	return name, certain, err == nil && (certain || strings.Contains(name, "."))
}
