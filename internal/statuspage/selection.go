package statuspage

import "slices"

// selection is the result of a query.
type selection struct {
	query
	*overall
	rows        []rowRef       // of the page
	total       int            // rows that match
	pages       int            // at least one
	counts      map[string]int // by standing: rows that match everything except perhaps query.standing
	explanation *Explanation   // nil if there is no name to explain
}

// rowRef is a row that is not made yet. It contains the claim, so that a reply that is sent slowly does not keep the view in memory.
type rowRef struct {
	claim Claim
	row   int
}

// hit is a claim with rows that match.
type hit struct {
	claim int32 // index in view.Claims
	rows  int32 // how many match
	rest  wordSet
}

// answer returns the selection of a query. explain explains a name.
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

// match returns the claims with matching rows, and counts these rows.
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

// order sorts hits by a column other than that of data. Hits with the same value keep the order of the view.
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

// front moves the hits of a name to the front. They are adjacent.
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

// unanswered returns how many rows in counts do not answer.
func (s *selection) unanswered() (n int) {
	for standing, count := range s.counts {
		if standing != Answers {
			n += count
		}
	}
	return n
}

// all returns the total of counts.
func (s *selection) all() int { return s.counts[Answers] + s.unanswered() }
