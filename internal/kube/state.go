package kube

// State is the state of one kind in one cluster: that of its informer or, if there is one for each namespace, of the worst of
// them.
type State struct {
	State   int    // one of the states below
	Problem string // the reason for State; empty if it is Synced
	Objects int64
	Watches int
}

// The states, from the best to the worst.
const (
	Synced = iota
	AbsentState
	ForbiddenState
	Stale
	Unsynced
)

// With returns the worse of two states and its problem, with the objects and watches of both. Of two equal states, it has the
// problem of s.
func (s State) With(other State) State {
	if other.State > s.State {
		s.State, s.Problem = other.State, other.Problem
	}
	s.Objects += other.Objects
	s.Watches += other.Watches
	return s
}

// State returns the state of the informer.
func (i *Informer) State() State {
	s := State{Objects: i.Objects.Load(), Watches: int(i.Watches.Load())}
	switch problem := i.Problem.Load(); {
	case problem == Absent:
		s.State, s.Problem = AbsentState, "not served by the API server"
	case problem == Forbidden:
		s.State, s.Problem = ForbiddenState, "no permission to list and watch "+i.Resource.Plural
	case !i.Listed.Load():
		s.State, s.Problem = Unsynced, "not listed yet"
		if problem == Failing {
			s.Problem += ": " + *i.lastError.Load()
		}
	case problem == Failing:
		s.State, s.Problem = Stale, *i.lastError.Load()
	case i.watchFailures.Load() > 1:
		s.State, s.Problem = Stale, "cannot be watched: "+*i.watchError.Load()
	}
	return s
}
