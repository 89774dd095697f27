package kube

// State is the state of one kind in one cluster: the worst of its informers, of which there is one for each namespace.
type State struct {
	State   int // one of the states below
	Objects int64
	Watches int
	Problem string
}

// The states, from the best to the worst.
const (
	Synced = iota
	AbsentState
	ForbiddenState
	Stale
	Unsynced
)

// With returns the worse of two states, with the objects and watches of both.
func (k State) With(other State) State {
	k.Objects += other.Objects
	k.Watches += other.Watches
	if k.State = max(k.State, other.State); k.Problem == "" {
		k.Problem = other.Problem
	}
	return k
}

// State returns the state of the informer.
func (i *Informer) State() State {
	k := State{Objects: i.Objects.Load(), Watches: int(i.Watches.Load())}
	switch problem := i.Problem.Load(); {
	case problem == Absent:
		k.State, k.Problem = AbsentState, "not served by the API server"
	case problem == Forbidden:
		k.State, k.Problem = ForbiddenState, "no permission to list and watch "+i.Resource.Plural
	case !i.Listed.Load():
		k.State, k.Problem = Unsynced, "not listed yet"
		if problem == Failing {
			k.Problem += ": " + *i.lastError.Load()
		}
	case problem == Failing:
		k.State, k.Problem = Stale, *i.lastError.Load()
	case i.watchFailures.Load() > 1:
		k.State, k.Problem = Stale, "cannot be watched: "+*i.watchError.Load()
	}
	return k
}
