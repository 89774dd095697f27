package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// report prints what every attack cost, and returns an error where that is too much.
func (b *bench) report(w io.Writer) error {
	var question time.Duration // longest wait beside ordinary objects
	for _, r := range b.rows {
		if r.control {
			question = max(question, slices.Max(r.question))
		}
	}
	var own time.Duration
	for _, r := range b.rows {
		if r.control {
			own = max(own, r.own)
		}
	}
	fmt.Fprintf(w, "\n%d rounds, fewer of what takes long. Waits: the longest of the best round; of ordinary objects, the longest of all. Second: of a question to another CoreDNS\n", b.rounds)
	fmt.Fprintf(w, "in the same round. Bars: a question %s longer than the second and beside ordinary objects, a change %s longer than its delivery to a bare watch, the status page %d MiB.\n\n", questionBar, changeBar, pageBar)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "object\tquestion\tsecond\tchange\tdelivery\town name\tmemory\tpage\tpage memory\t")
	failed := 0
	for _, r := range b.rows {
		q, second := r.best(question)
		c, delivery := slices.Min(r.change), slices.Min(r.delivery)
		if r.control {
			q, second, c, delivery = slices.Max(r.question), slices.Max(r.beside), slices.Max(r.change), slices.Max(r.delivery)
		}
		var misses []string
		if !r.control {
			if q > max(question, second)+questionBar {
				misses = append(misses, "question")
			}
			if c > changeBar {
				misses = append(misses, "change")
			}
			if r.pageMemory > pageBar {
				misses = append(misses, "page memory")
			}
			if strings.Contains(r.name, "share one name") && r.own > own+questionBar {
				misses = append(misses, "own name")
			}
		}
		if r.failure != "" {
			misses = append(misses, r.failure)
		}
		verdict := ""
		if len(misses) > 0 {
			failed++
			verdict = "MISSED: " + strings.Join(misses, ", ")
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%.0f MiB\t%s\t%.0f MiB\t%s\n", r.name, short(q), short(second), short(c), short(delivery), short(r.own), r.memory, short(r.page), r.pageMemory, verdict)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d objects cost others more than they may", failed, len(b.rows))
	}
	return nil
}

// best returns the longest waits of the round in which a question waited least beyond what it waits anyhow.
func (r *row) best(ordinary time.Duration) (question, second time.Duration) {
	best := 0
	for i := range r.question {
		if r.question[i]-max(ordinary, r.beside[i]) < r.question[best]-max(ordinary, r.beside[best]) {
			best = i
		}
	}
	return r.question[best], r.beside[best]
}

// say tells what a row has come to, while others are still measured.
func (b *bench) say(r row) {
	say("  question %s (second %s), change %s (delivery %s), own %s, memory %.0f MiB, page %s and %.0f MiB %s", short(slices.Min(r.question)), short(slices.Min(r.beside)), short(slices.Min(r.change)),
		short(slices.Min(r.delivery)), short(r.own), r.memory, short(r.page), r.pageMemory, r.failure)
}

func short(d time.Duration) string {
	switch {
	case d == 0:
		return "–"
	case d < 10*time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	}
	return d.Round(time.Millisecond).String()
}
