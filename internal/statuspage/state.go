package statuspage

import (
	"net/netip"
	"time"
)

// Source is what the page shows. Its methods are called from several goroutines.
type Source interface {
	// State returns what there is to see at this moment. Its time and memory grow with the number of claims, and not
	// with the number of rows.
	State() State

	// Explain returns what a question for a name comes to and why. The name is as a user typed it.
	Explain(name string) Explanation
}

// ClientSource is a Source whose answers depend on who asks.
type ClientSource interface {
	// ExplainFor is Explain for a client, which is an address or a client subnet (RFC 7871).
	ExplainFor(name string, client netip.Prefix) Explanation
}

// explainFor explains a name as a source answers it to a client; the zero Prefix is none.
func explainFor(s Source, name string, client netip.Prefix) Explanation {
	if c, ok := s.(ClientSource); ok && client.IsValid() {
		return c.ExplainFor(name, client)
	}
	return s.Explain(name)
}

// State is everything at one moment. It belongs to who asked for it.
type State struct {
	Server  string // the program and its version
	Taken   time.Time
	Ready   bool
	Steers  bool     // answers depend on who asks
	Zones   []string // with a trailing dot
	Sources []Status
	Claims  []Claim
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

// NotLookedUp is the result for a name with the addresses of other names, which no question has looked up yet.
const NotLookedUp = "not looked up"

// Explanation is why a name resolves, or does not.
type Explanation struct {
	Name    string   `json:"name"`              // canonical, with a trailing dot; as typed where it is no name
	Zone    string   `json:"zone,omitempty"`    // that holds the name, with a trailing dot
	Result  string   `json:"result"`            // such as NOERROR, NXDOMAIN, SERVFAIL, or NotLookedUp; empty where it is no question for this server
	Answers []string `json:"answers,omitempty"` // records, as in a zone file; the first of them where there are very many
	Reasons []string `json:"reasons,omitempty"` // sentences

	Unresolved bool     `json:"unresolved,omitempty"` // the answers are aliases that lead nowhere
	Outside    []string `json:"-"`                    // zones, none of which holds the name, where this is all there is to say
}
