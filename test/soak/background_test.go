package soak

import (
	"fmt"
	"sync"
	"time"
)

// askers is how many clients ask all the time, each of them so often. More would slow down what they watch.
const (
	askers   = 2
	askEvery = 2 * time.Millisecond
)

// observed is what clients were told while something else went on: for each question the different replies, and how many
// replies there were in all.
type observed struct {
	replies map[question]map[string]bool
	asked   int
}

// observe asks questions at random while f runs.
func observe(s *server, seed uint64, questions []question, f func()) (*observed, error) {
	stop := make(chan struct{})
	all := &observed{replies: map[question]map[string]bool{}}
	errs := make([]error, askers)
	var mu sync.Mutex
	var running sync.WaitGroup
	for i := range askers {
		running.Go(func() {
			a := newAsker(s, seed+uint64(i))
			defer a.close()
			ticker := time.NewTicker(askEvery)
			defer ticker.Stop()
			for {
				select {
				case <-stop:
					return
				case <-ticker.C:
				}
				q := questions[a.IntN(len(questions))]
				reply, err := a.ask(q)
				if err != nil {
					errs[i] = fmt.Errorf("%s: %w", q, err)
					return
				}
				mu.Lock()
				if all.replies[q] == nil {
					all.replies[q] = map[string]bool{}
				}
				all.replies[q][reply] = true
				all.asked++
				mu.Unlock()
			}
		})
	}
	func() {
		defer running.Wait() // f may end the test
		defer close(stop)
		f()
	}()
	for _, err := range errs {
		if err != nil {
			return all, err
		}
	}
	return all, nil
}
