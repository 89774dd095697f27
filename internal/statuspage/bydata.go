package statuspage

import "slices"

// sharers are the hits whose claims have the same data, in the order of the claims.
type sharers struct {
	hits  []hit
	needs []need
}

// need is how many claims match only rows whose data have certain words.
type need struct {
	rest   wordSet
	claims int
}

// datum is one record of the data that several claims share.
type datum struct {
	sortKey
	sharers *sharers
	record  int32
	found   wordSet // the words of the search that the record has
}

// byData returns rows in the order of their data: it skips some, and returns at most limit. Rows with the same data are in the order of
// their claims. It sorts shared data once: if a thousand names share four thousand addresses, it sorts four thousand data, and not four
// million rows.
func (v *view) byData(hits []hit, search *search, down bool, skip, limit int) []rowRef {
	data := v.data(hits, search)
	slices.SortFunc(data, func(a, b datum) int {
		if down {
			a, b = b, a
		}
		return compareSortKeys(a.sortKey, b.sortKey)
	})
	var rows []rowRef
	for len(data) > 0 && len(rows) < limit {
		n, count := 0, 0
		for n < len(data) && compareSortKeys(data[n].sortKey, data[0].sortKey) == 0 {
			count += data[n].rows()
			n++
		}
		alike := data[:n]
		data = data[n:]
		if skip >= count {
			skip -= count
			continue
		}
		type place struct{ claim, record int32 }
		var places []place
		for _, d := range alike {
			for _, h := range d.sharers.hits {
				if d.found&h.rest == h.rest {
					places = append(places, place{h.claim, d.record})
				}
			}
		}
		slices.SortFunc(places, func(a, b place) int { return int(a.claim - b.claim) })
		for _, p := range places[skip:min(len(places), skip+limit-len(rows))] {
			rows = append(rows, rowRef{v.Claims[p.claim], int(p.record)})
		}
		skip = 0
	}
	return rows
}

// data returns each record of the claims' data, once for all claims that share it.
func (v *view) data(hits []hit, search *search) (list []datum) {
	type typed struct { // data are sorted in a way that depends on the type
		data   Data
		rrtype string
	}
	shared := map[typed]*sharers{}
	for _, h := range hits {
		c := &v.Claims[h.claim]
		key := typed{c.Data, c.Type}
		s := shared[key]
		if s == nil {
			s = &sharers{}
			shared[key] = s
			for i := range c.rows() {
				d := datum{sortKey: sortKeyOf(c, i), sharers: s, record: int32(i)}
				if len(search.words) > 0 {
					d.found = search.found(c.datum(i))
				}
				list = append(list, d)
			}
		}
		s.add(h)
	}
	return list
}

func (s *sharers) add(h hit) {
	s.hits = append(s.hits, h)
	i := slices.IndexFunc(s.needs, func(n need) bool { return n.rest == h.rest })
	if i < 0 {
		i = len(s.needs)
		s.needs = append(s.needs, need{rest: h.rest})
	}
	s.needs[i].claims++
}

// rows returns how many matching rows have the record.
func (d *datum) rows() (n int) {
	for _, need := range d.sharers.needs {
		if d.found&need.rest == need.rest {
			n += need.claims
		}
	}
	return n
}
