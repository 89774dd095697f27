package figures

import "testing"

func TestRatioIsWithinRounds(t *testing.T) {
	r := Rounds{"ours": {2, 30, 12}, "theirs": {1, 10, 3}} // 2, 3 and 4 times as much
	if got := r.Ratio("ours", "theirs"); got != 3 {
		t.Errorf("ratio %v, want 3", got)
	}
	if got := r.Median("theirs"); got != 3 {
		t.Errorf("median %v, want 3", got)
	}
}

func TestAt(t *testing.T) {
	list := []int{5, 1, 4, 2, 3}
	for part, want := range map[float64]int{0: 1, 0.5: 3, 0.99: 5, 1: 5} {
		if got := At(list, part); got != want {
			t.Errorf("at %v: %d, want %d", part, got, want)
		}
	}
	if list[0] != 5 {
		t.Errorf("the list was put in order: %v", list)
	}
}
