package main

import (
	"cmp"
	"slices"
	"time"
)

// at returns the value below which a part of a list lies.
func at[T cmp.Ordered](list []T, part float64) T {
	var none T
	if len(list) == 0 {
		return none
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(int(float64(len(sorted))*part), len(sorted)-1)]
}

func median[T cmp.Ordered](list []T) T { return at(list, 0.5) }

// rounds are the figures of what is measured in turns, by its name, one for each round.
type rounds map[string][]float64

func (r rounds) add(name string, value float64) { r[name] = append(r[name], value) }

// median returns the median over the rounds.
func (r rounds) median(name string) float64 { return median(r[name]) }

// ratio returns the median of the ratios within the rounds.
func (r rounds) ratio(name, to string) float64 {
	var list []float64
	for i, value := range r[name] {
		list = append(list, value/r[to][i])
	}
	return median(list)
}

// turns returns a list in an order that is another one in every round.
func turns[T any](list []T, round int) []T {
	n := round % len(list)
	return slices.Concat(list[n:], list[:n])
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1e3 }
