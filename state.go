package gateway

// kindState is how one kind in one cluster is: what its informers say, one for each namespace.
type kindState struct {
	state   int // the worst of them
	objects int64
	watches int
	problem string
}

// The states, from good to bad.
const (
	synced = iota
	kindAbsent
	kindForbidden
	stale
	unsynced
)

// with returns the worse of two states, with the objects and watches of both.
func (k kindState) with(other kindState) kindState {
	k.objects += other.objects
	k.watches += other.watches
	if k.state = max(k.state, other.state); k.problem == "" {
		k.problem = other.problem
	}
	return k
}

// state returns how the informer is.
func (i *informer) state() kindState {
	k := kindState{objects: i.objects.Load(), watches: int(i.watches.Load())}
	switch problem := i.problem.Load(); {
	case problem == absent:
		k.state, k.problem = kindAbsent, "not served by the API server"
	case problem == forbidden:
		k.state, k.problem = kindForbidden, "no permission to list and watch "+i.resource.plural
	case !i.listed.Load():
		k.state, k.problem = unsynced, "not listed yet"
		if problem == failing {
			k.problem += ": " + *i.lastError.Load()
		}
	case problem == failing:
		k.state, k.problem = stale, *i.lastError.Load()
	case i.watchFailures.Load() > 1:
		k.state, k.problem = stale, "cannot be watched: "+*i.watchError.Load()
	}
	return k
}
