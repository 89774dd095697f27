package statuspage

import "slices"

// selection is what a query comes to.
type selection struct {
	query
	*view
	rows        []*Row         // of the page
	total       int            // rows that match
	pages       int            // at least one
	counts      map[string]int // rows of each standing that match but for their standing
	explanation *Explanation   // nil where no name is asked about
}

// answer does what a query asks for. The explanation comes from the source itself.
func (v *view) answer(q query, explain func(name string) Explanation) *selection {
	s := &selection{query: q, view: v, counts: map[string]int{}}
	matches := s.match()
	s.total = len(matches)
	s.pages = max(1, (s.total+q.limit-1)/q.limit)

	name, certain, ok := askedAbout(q.search)
	if ok && (certain || v.serves(name) || s.total == 0) {
		e := explain(q.search)
		s.explanation = &e
	}
	switch {
	case q.column != nil:
		s.order(matches)
	case s.explanation != nil:
		matches = s.front(matches, name+".")
	}
	first := min((q.page-1)*q.limit, s.total)
	for _, i := range matches[first:min(first+q.limit, s.total)] {
		s.rows = append(s.rows, &v.Rows[i])
	}
	return s
}

// match returns the places of the rows that match.
func (s *selection) match() []int32 {
	var matches []int32
	list := words(s.search)
	for i := range s.Rows {
		r := &s.Rows[i]
		if s.kind != "" && r.Kind != s.kind || slices.ContainsFunc(list, func(w word) bool { return !w.in(r) }) {
			continue
		}
		s.counts[r.Standing]++
		if s.standing == "" || s.standing == r.Standing || s.standing == unanswered && r.Standing != Answers {
			matches = append(matches, int32(i))
		}
	}
	return matches
}

// order sorts rows by the column asked for, and those that are the same there by their place.
func (s *selection) order(matches []int32) {
	slices.SortFunc(matches, func(i, j int32) int {
		c := s.column.compare(&s.Rows[i], &s.Rows[j])
		switch {
		case c == 0:
			return int(i - j)
		case s.down:
			return -c
		}
		return c
	})
}

// front puts the rows of a name first. They are next to each other.
func (s *selection) front(matches []int32, name string) []int32 {
	has := func(i int32) bool { return s.Rows[i].Name == name }
	from := slices.IndexFunc(matches, has)
	if from < 1 {
		return matches
	}
	to := from + 1
	for to < len(matches) && has(matches[to]) {
		to++
	}
	return slices.Concat(matches[from:to], matches[:from], matches[to:])
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
