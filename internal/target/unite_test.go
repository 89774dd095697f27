package target

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// Z15, N7: Unite says the same as Sort, whatever the lists have in common and however many there are.
func TestUnite(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, lists := range []int{0, 1, 2, 3, 7, few, few + 1, 200} {
		for _, size := range []int{1, 3, 40} {
			var all []Addr
			var last []Addr
			for range lists {
				if rnd.IntN(4) > 0 { // otherwise the same list again
					last = numbers(rnd, 1+rnd.IntN(size))
				}
				all = append(all, last...)
			}
			want := Sort(slices.Clone(all))
			for _, most := range []int{1, 10, len(all) + 1} {
				got := Unite(slices.Clone(all), most)
				if !slices.Equal(got, want[:min(len(want), most)]) {
					t.Errorf("%d lists, at most %d: %v, want %v", lists, most, got, want)
				}
				if cap(got) != len(got) {
					t.Errorf("%d lists: not capped: who appends would write to it", lists)
				}
			}
		}
	}
}

// numbers returns a sorted list of addresses out of a few hundred of both families.
func numbers(rnd *rand.Rand, n int) []Addr {
	var list []Addr
	for range n {
		var a Addr
		if rnd.IntN(2) == 0 {
			copy(a[:], mapped[:])
		} else {
			a[0] = 0x20
		}
		binary.BigEndian.PutUint32(a[12:], rnd.Uint32N(300))
		list = append(list, a)
	}
	return Sort(list)
}

// Z15: the order is that of the octets, IPv4 first.
func TestCompare(t *testing.T) {
	ordered := addrs("0.0.0.1", "10.0.0.1", "192.0.2.9", "192.0.2.10", "255.255.255.255", "::1", "2001:db8::1", "2001:db8::2", "2001:db8:1::", "fe80::1")
	for i, a := range ordered {
		for j, b := range ordered {
			if got := a.Compare(b); got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("%v and %v: %d", a, b, got)
			}
		}
	}
}

// BenchmarkUnite unites lists of 3,839 addresses, apart and in between each other.
func BenchmarkUnite(b *testing.B) {
	for _, lists := range []int{2, 4} {
		for _, apart := range []bool{true, false} {
			b.Run(fmt.Sprintf("lists=%d/apart=%t", lists, apart), func(b *testing.B) {
				var all []Addr
				for l := range lists {
					for i := range 3839 {
						a := Addr{10: 0xff, 11: 0xff}
						n := i*lists + lists - l
						if apart {
							n = (lists-l)*3839 + i
						}
						binary.BigEndian.PutUint32(a[12:], uint32(n))
						all = append(all, a)
					}
				}
				b.ReportAllocs()
				for b.Loop() {
					Unite(all, 3839)
				}
			})
		}
	}
}
