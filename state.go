package gateway

import "github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"

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

var stateNames = [...]string{
	synced: statuspage.Synced, kindAbsent: statuspage.Absent, kindForbidden: statuspage.Forbidden, stale: statuspage.Stale, unsynced: statuspage.Unsynced,
}

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
