package statuspage

import (
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

// word is a word of a search. A row matches if it has all words.
type word struct {
	text   string // lower-case
	before string // the text before a slash, as in namespace/object
	after  string // the text after the slash
	pair   bool   // there is a slash
}

// wordSet is a set of words of a search, with one bit for each.
type wordSet uint32

// maxWords is how many words a search may have.
const maxWords = 32

// words splits a search text at white space. It converts internationalized names to A-labels.
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

// in reports whether all rows of a claim have the word: as a part of one of their texts other than the data, or as their kind or type.
func (w *word) in(c *Claim) bool {
	return contains(c.Name, w.text) || contains(c.Object.Name, w.text) ||
		contains(c.Namespace, w.text) || contains(c.Cluster, w.text) || contains(c.Reason, w.text) ||
		strings.EqualFold(c.Kind, w.text) || strings.EqualFold(c.Type, w.text) ||
		w.pair && strings.HasSuffix(c.Namespace, w.before) && strings.HasPrefix(c.Object.Name, w.after)
}

// contains is a case-insensitive strings.Contains for a lower-case substring. Nearly all texts are lower-case, too.
func contains(s, lower string) bool {
	if strings.Contains(s, lower) {
		return true
	}
	if strings.IndexFunc(s, func(r rune) bool { return 'A' <= r && r <= 'Z' || r >= 0x80 }) < 0 {
		return false
	}
	return strings.Contains(strings.ToLower(s), lower)
}

// search finds the rows that have all words. It searches data that several claims share only once.
type search struct {
	words  []word
	within map[Data][]wordSet // the words that each record of long data has
	counts map[partly]int     // how many records of long data have certain words
}

// partly is a key of search.counts.
type partly struct {
	data Data
	rest wordSet
}

// ownData is the number of records up to which data are searched for each claim, and not cached. Most data are short and belong to one
// claim.
const ownData = 8

func newSearch(text string) *search {
	return &search{words: words(text), within: map[Data][]wordSet{}, counts: map[partly]int{}}
}

// rest returns the words that are only in the data of a claim's rows, if at all.
func (s *search) rest(c *Claim) (rest wordSet) {
	for i := range s.words {
		if !s.words[i].in(c) {
			rest |= 1 << i
		}
	}
	return rest
}

// count returns how many rows of a claim match: those whose data have the words in rest.
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

// matching returns the indexes of the rows of a claim that match, in order. It is slower than count.
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

// askedAbout returns the canonical name that a search text consists of. It is ok if the text may be a complete name, and certain if the
// text ends in a dot.
func askedAbout(text string) (name string, certain, ok bool) {
	name, err := dnsname.Owner(text)
	certain = strings.HasSuffix(text, ".")
	return name, certain, err == nil && (certain || strings.Contains(name, "."))
}
