package zone

import (
	"sync"
	"sync/atomic"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// Database is the data of a stanza: its zones, the indexes of all kinds, and the table of the names that exist. Put changes it,
// Lookup reads it.
type Database struct {
	Zones Zones
	Kinds []*Kind // in order of priority (Z14)

	// mu makes the change of each name atomic: a lookup sees a name either before or after the change. A change holds mu for a few
	// names at a time, and releases it in between.
	mu    sync.RWMutex
	Names dnsname.Table // guarded by mu

	// writing serialises writers. It is locked before mu. Work that takes long is done while only writing is held, so lookups do not
	// wait for it.
	writing sync.Mutex

	Completed atomic.Bool // Complete returned true once

	Complete     func() bool            // reports whether everything that is watched is listed or absent, and then sets Completed
	IsNameserver func(name string) bool // reports whether a name is a nameserver's, whose addresses come from no object
}

// Kind is the part of a configured kind that lookups need: the indexes of its records. source.ServedKind is the same kind with its
// informers.
type Kind struct {
	Number    int           // position in the order of priority, from 0
	Others    []uint16      // its types of record other than addresses and aliases
	Wildcards dnsname.Reach // how far its wildcards reach
	Parts     []*Index      // in the order of the clusters

	// Certain reports whether a positive answer of the kind may be given: each cluster was listed completely once, or its startup
	// timeout is over, and at least one was listed. It does not prove that a missing name does not exist.
	Certain func() bool
}

// Index holds the records of a kind in one cluster.
type Index struct {
	Records        *store.Store[record.Record]             // by name
	Wildcards      dnsname.Reach                           // how far the kind's wildcards reach
	GatewayTargets func(gateway store.Key) *record.Targets // returns the targets of a Gateway, for bindings; they are read-only
	Unions         map[string]*union                       // by name, for names with many objects; guarded by Database.writing and mu
	NameCount      atomic.Int64                            // how many names the records claim; a name of two records counts twice
	Cluster        int                                     // index in the stanza's list of clusters
	Steered        bool                                    // questions may have a chooser, so unions also contain the objects
}

// NewIndex returns an empty index of a kind whose wildcards have a reach.
func NewIndex(wildcards dnsname.Reach) *Index {
	return &Index{Records: store.New((*record.Record).Key, record.OwnerNames), Wildcards: wildcards}
}

// RLock blocks changes until RUnlock.
func (db *Database) RLock() { db.mu.RLock() }

// RUnlock ends RLock.
func (db *Database) RUnlock() { db.mu.RUnlock() }

// Exclusively calls a function that changes data which lookups read and which does not come from objects.
func (db *Database) Exclusively(change func()) {
	db.mu.Lock()
	defer db.mu.Unlock()
	change()
}
