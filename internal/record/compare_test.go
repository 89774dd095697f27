package record

import (
	"slices"
	"testing"

	"github.com/miekg/dns"
)

// Z14, Z15: records are ordered by their data, and repeated ones are dropped, for types that are compared field by field and for
// any other.
func TestSortRRs(t *testing.T) {
	for _, list := range [][]string{
		{`. TXT "a" "b"`, `. TXT "ab"`, `. TXT "b"`},
		{". SRV 0 1 80 a.", ". SRV 0 1 81 a.", ". SRV 0 2 80 a.", ". SRV 1 0 80 a."},
		{". PTR a.", ". PTR b."},
		{". NS a.", ". NS b."},
		{". MX 9 b.", ". MX 10 a.", ". MX 10 b."},
		{`. CAA 0 issue "a"`, `. CAA 0 issuewild "a"`, `. CAA 128 issue "a"`},
		{`. NAPTR 1 1 "S" "a" "" x.`, `. NAPTR 1 1 "S" "b" "" x.`, `. NAPTR 2 1 "S" "a" "" x.`},
		{". HTTPS 1 .", ". HTTPS 2 ."},
	} {
		var rrs []dns.RR
		for _, s := range slices.Backward(slices.Concat(list, list)) {
			rr, err := dns.NewRR(s)
			if err != nil {
				t.Fatal(err)
			}
			rrs = append(rrs, rr)
		}
		var got, want []string
		for _, rr := range SortRRs(rrs) {
			got = append(got, rr.String())
		}
		for _, s := range list {
			rr, _ := dns.NewRR(s)
			want = append(want, rr.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}
