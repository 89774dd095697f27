// Package figures is what the benchmarks' commands do with what they measure.
package figures

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// At returns the value below which a part of a list lies.
func At[T cmp.Ordered](list []T, part float64) T {
	var none T
	if len(list) == 0 {
		return none
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(int(float64(len(sorted))*part), len(sorted)-1)]
}

// Median returns the value in the middle of a list.
func Median[T cmp.Ordered](list []T) T { return At(list, 0.5) }

// Rounds are the figures of what is measured in turns, by its name, one for each round.
type Rounds map[string][]float64

// Add notes the figure of a round.
func (r Rounds) Add(name string, value float64) { r[name] = append(r[name], value) }

// Median returns the median over the rounds.
func (r Rounds) Median(name string) float64 { return Median(r[name]) }

// Ratio returns the median of the ratios within the rounds.
func (r Rounds) Ratio(name, to string) float64 {
	var list []float64
	for i := range min(len(r[name]), len(r[to])) {
		list = append(list, r[name][i]/r[to][i])
	}
	return Median(list)
}

// Table is a result: what was measured, what it should be, and what it is.
type Table [][3]string

// Add appends a row.
func (t *Table) Add(what, target, reached string) { *t = append(*t, [3]string{what, target, reached}) }

// Print writes the table in Markdown.
func (t Table) Print(w io.Writer) {
	fmt.Fprint(w, "\n| what | target | reached |\n|---|---|---|\n")
	for _, row := range t {
		fmt.Fprintf(w, "| %s |\n", strings.Join(row[:], " | "))
	}
}
