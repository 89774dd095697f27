package target

import "slices"

// few is the number of addresses, or of lists, up to which Unite sorts or merges: up to few addresses are simply sorted, and more than
// few lists are sorted, too.
const few = 64

// Unite returns the first most addresses of several sorted lists, in order and each once. addrs is the concatenation of the lists, and
// may be overwritten. Unite merges the lists, so the cost is proportional to their length.
func Unite(addrs []Addr, most int) []Addr {
	if len(addrs) <= few {
		addrs = Sort(addrs)
		return slices.Clip(addrs[:min(len(addrs), most)])
	}
	var lists [][]Addr
	for start, i := 0, 1; i <= len(addrs); i++ {
		if i == len(addrs) || addrs[i-1].Compare(addrs[i]) >= 0 {
			lists = append(lists, addrs[start:min(i, start+most)])
			start = i
		}
	}
	if len(lists) > few {
		addrs = Sort(addrs)
		return slices.Clip(addrs[:min(len(addrs), most)])
	}
	for len(lists) > 1 {
		merged := lists[:0]
		for pair := range slices.Chunk(lists, 2) {
			if len(pair) == 2 {
				pair[0] = merge(pair[0], pair[1], most)
			}
			merged = append(merged, pair[0])
		}
		lists = merged
	}
	return slices.Clip(lists[0])
}

// merge returns the first addresses of two sorted lists, in order and each once.
func merge(a, b []Addr, most int) []Addr {
	if slices.Equal(a, b) {
		return a
	}
	list := make([]Addr, 0, min(len(a)+len(b), most))
	for len(a) > 0 && len(b) > 0 && len(list) < most {
		order := a[0].Compare(b[0])
		if order <= 0 {
			list = append(list, a[0])
			a = a[1:]
		} else {
			list = append(list, b[0])
		}
		if order >= 0 {
			b = b[1:]
		}
	}
	rest := a
	if len(a) == 0 {
		rest = b
	}
	return append(list, rest[:min(len(rest), most-len(list))]...)
}
