package statuspage

import (
	"net/netip"
	"time"
)

// Source provides the data of the page. Its methods are called by several goroutines.
type Source interface {
	// State returns the current data. Its time and memory grow with the number of claims, and not with the number of rows.
	State() State

	// Explain returns the answer to a question for a name, and the reasons. The name is as the user typed it.
	Explain(name string) Explanation
}

// ClientSource is a Source whose answers may depend on the client.
type ClientSource interface {
	// ExplainFor is Explain for a client, which is an address or a client subnet (RFC 7871).
	ExplainFor(name string, client netip.Prefix) Explanation
}

// explainFor returns the explanation of a name for a client; the zero Prefix is none.
func explainFor(s Source, name string, client netip.Prefix) Explanation {
	if c, ok := s.(ClientSource); ok && client.IsValid() {
		return c.ExplainFor(name, client)
	}
	return s.Explain(name)
}

// State is the data of a Source at one time. The caller owns it.
type State struct {
	Server  string // the program and its version
	Taken   time.Time
	Ready   bool
	Steers  bool     // answers may depend on the client
	Zones   []string // with a trailing dot
	Sources []Status
	Claims  []Claim
}

// Status is the state of one kind of object in one cluster.
type Status struct {
	Zones    []string  `json:"zones"` // the zones of its names
	Kind     string    `json:"kind"`
	Cluster  string    `json:"cluster"`
	State    string    `json:"state"` // one of the States
	Problem  string    `json:"problem,omitempty"`
	Watching bool      `json:"watching"`
	Objects  int       `json:"objects"`
	Names    int       `json:"names"`
	Heard    time.Time `json:"heard,omitzero"` // when its API server last sent something
}

// States of a kind.
const (
	Synced    = "synced"    // listed completely
	Unsynced  = "unsynced"  // not listed completely yet
	Stale     = "stale"     // listed once, but the API server does not answer now
	Absent    = "absent"    // the API server does not serve the kind
	Forbidden = "forbidden" // there is no permission to read the kind
)

// Standings of a row.
const (
	Answers = "answers"  // in replies
	Hidden  = "hidden"   // outranked by another object of the name
	Pending = "pending"  // claimed, without an address yet
	Refused = "refused"  // claimed by a route that no Gateway admits for the name
	Skipped = "skipped"  // a value that cannot be served
	LeftOut = "left out" // the object is not served, for example because of a label, a class or a selector
)

// standings are all Standings, in the order of lists and of the sorted column.
var standings = []string{Answers, Hidden, Pending, Refused, Skipped, LeftOut}

// NotLookedUp is the result for a name whose answer needs the addresses of other names that have not been looked up yet.
const NotLookedUp = "not looked up"

// Explanation is the reason why a name resolves or does not.
type Explanation struct {
	Name    string   `json:"name"`              // canonical, with a trailing dot; as typed if it is not a name
	Zone    string   `json:"zone,omitempty"`    // the zone of the name, with a trailing dot
	Result  string   `json:"result"`            // such as NOERROR, NXDOMAIN, SERVFAIL or NotLookedUp; empty if this server does not answer
	Answers []string `json:"answers,omitempty"` // records, as in a zone file; only the first ones of very many
	Reasons []string `json:"reasons,omitempty"` // sentences

	Unresolved bool     `json:"unresolved,omitempty"` // the answers are aliases whose end has no records
	Outside    []string `json:"-"`                    // zones that do not contain the name, if this is the only reason
}
