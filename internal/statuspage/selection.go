package statuspage

import "slices"

// selection is what a query comes to.
type selection struct {
	query
	*overall
	rows        []rowRef       // of the page
	total       int            // rows that match
	pages       int            // at least one
	counts      map[string]int // rows of each standing that match but for their standing
	explanation *Explanation   // nil where no name is asked about
}

// rowRef is a row that is not made yet. It has its claim, so that a reply that is read slowly keeps nothing but what it says.
type rowRef struct {
	claim Claim
	row   int
}

// hit is a claim with rows that match.
type hit struct {
	claim int32 // its place in the view
	rows  int32
	rest  wordSet
}

// answer does what a query asks for. The explanation comes from the source itself.
func (v *view) answer(q query, explain func(name string) Explanation) *selection {
	s := &selection{query: q, overall: v.overall, counts: map[string]int{}}
	search := newSearch(q.search)
	hits := s.match(v, search)
	s.pages = max(1, (s.total+q.limit-1)/q.limit)

	name, certain, ok := askedAbout(q.search)
	if ok && (certain || v.serves(name) || s.total == 0) {
		e := explain(q.search)
		s.explanation = &e
	}
	skip := min((q.page-1)*q.limit, s.total)
	switch {
	case q.column != nil && q.column.compare == nil:
		s.rows = v.byData(hits, search, q.down, skip, q.limit)
		return s
	case q.column != nil:
		v.order(hits, q.column, q.down)
	case s.explanation != nil:
		hits = v.front(hits, name+".")
	}
	for _, h := range hits {
		if skip >= int(h.rows) {
			skip -= int(h.rows)
			continue
		}
		if len(s.rows) == q.limit {
			break
		}
		c := &v.Claims[h.claim]
		for _, row := range search.matching(c, h.rest)[skip:] {
			if len(s.rows) == q.limit {
				break
			}
			s.rows = append(s.rows, rowRef{*c, int(row)})
		}
		skip = 0
	}
	return s
}

// match returns the claims that have rows which match, and counts those.
func (s *selection) match(v *view, search *search) []hit {
	var hits []hit
	for i := range v.Claims {
		c := &v.Claims[i]
		if s.kind != "" && c.Kind != s.kind {
			continue
		}
		rest := search.rest(c)
		n := search.count(c, rest)
		if n == 0 {
			continue
		}
		s.counts[c.Standing] += n
		if s.standing == "" || s.standing == c.Standing || s.standing == unanswered && c.Standing != Answers {
			hits = append(hits, hit{int32(i), int32(n), rest})
			s.total += n
		}
	}
	return hits
}

// order sorts claims by a column other than that of data, and those that are the same there by their place.
func (v *view) order(hits []hit, by *column, down bool) {
	slices.SortFunc(hits, func(g, h hit) int {
		c := by.compare(&v.Claims[g.claim], &v.Claims[h.claim])
		switch {
		case c == 0:
			return int(g.claim - h.claim)
		case down:
			return -c
		}
		return c
	})
}

// front puts the claims of a name first. They are next to each other.
func (v *view) front(hits []hit, name string) []hit {
	has := func(h hit) bool { return v.Claims[h.claim].Name == name }
	from := slices.IndexFunc(hits, has)
	if from < 1 {
		return hits
	}
	to := from + 1
	for to < len(hits) && has(hits[to]) {
		to++
	}
	return slices.Concat(hits[from:to], hits[:from], hits[to:])
}

// unanswered counts the rows that match but for their standing and do not answer.
func (s *selection) unanswered() (n int) {
	for standing, count := range s.counts {
		if standing != Answers {
			n += count
		}
	}
	return n
}

// all counts the rows that match but for their standing.
func (s *selection) all() int { return s.counts[Answers] + s.unanswered() }
