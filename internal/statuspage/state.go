package statuspage

import "time"

// Source is what the page shows. Its methods are called from several goroutines.
type Source interface {
	// State returns what there is to see at this moment. Its cost grows with the number of names.
	State() State

	// Explain returns what a question for a name comes to and why. The name is as a user typed it.
	Explain(name string) Explanation
}

// State is everything at one moment. It belongs to who asked for it.
type State struct {
	Taken   time.Time
	Ready   bool
	Zones   []string // with a trailing dot
	Sources []Status
	Rows    []Row
}

// Status is how one kind of object in one cluster is.
type Status struct {
	Zones    []string  `json:"zones"` // that it is read for
	Kind     string    `json:"kind"`
	Cluster  string    `json:"cluster"`
	State    string    `json:"state"` // one of the States
	Problem  string    `json:"problem,omitempty"`
	Watching bool      `json:"watching"`
	Objects  int       `json:"objects"`
	Names    int       `json:"names"`
	Heard    time.Time `json:"heard,omitzero"` // when its API server was last heard
}

// States of a kind.
const (
	Synced    = "synced"    // all of it is known
	Unsynced  = "unsynced"  // not all of it is known yet
	Stale     = "stale"     // it was known, and its API server does not answer now
	Absent    = "absent"    // the API server does not serve it
	Forbidden = "forbidden" // it must not be read
)

// Row is one record, or one thing that is in the way of some.
type Row struct {
	Name      string `json:"name"`           // owner, with a trailing dot; empty where there is none
	Type      string `json:"type,omitempty"` // A, AAAA, CNAME, …; empty where there is no record
	Data      string `json:"data,omitempty"` // in presentation format
	TTL       uint32 `json:"ttl"`            // seconds
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Object    string `json:"object"` // its name
	Cluster   string `json:"cluster"`
	Standing  string `json:"standing"`         // one of the Standings
	Reason    string `json:"reason,omitempty"` // why it does not answer
}

// Standings of a row.
const (
	Answers = "answers"  // in replies
	Hidden  = "hidden"   // outranked by another object of the name
	Pending = "pending"  // claimed, without an address yet
	Refused = "refused"  // claimed by a route that no Gateway takes
	Skipped = "skipped"  // a value that cannot be served
	LeftOut = "left out" // the object does not count: a label, a class or a selector says so
)

// standings are all there are, in the order of columns and lists.
var standings = []string{Answers, Hidden, Pending, Refused, Skipped, LeftOut}

// Explanation is why a name resolves, or does not.
type Explanation struct {
	Name    string   `json:"name"`              // canonical, with a trailing dot; as typed where it is no name
	Zone    string   `json:"zone,omitempty"`    // that holds the name, with a trailing dot
	Result  string   `json:"result"`            // such as NOERROR, NXDOMAIN, SERVFAIL; empty where it is no question for this server
	Answers []string `json:"answers,omitempty"` // records, as in a zone file
	Reasons []string `json:"reasons,omitempty"` // sentences
}
