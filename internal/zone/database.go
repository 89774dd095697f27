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

	// mu lets a lookup see each name of an object either as it was before a change or as it is after. A change holds mu for a
	// few names at a time, and releases it in between.
	mu      sync.RWMutex
	Names   dnsname.Table
	writing sync.Mutex // a writer holds it before mu, and prepares under it what takes long; no question waits for it

	Completed atomic.Bool // Complete was true: everything that is watched has been listed once, or was found absent

	Complete     func() bool            // reports whether everything is listed or absent, and keeps that in Completed; lookups call it
	IsNameserver func(name string) bool // reports whether a name is a nameserver's, whose addresses come from no object
}

// Kind is a configured kind, as lookups need it: the indexes of its records, one for each cluster. source.Served is the same
// kind, as clusters need it.
type Kind struct {
	Number    int           // position in the order of priority, from 0
	Others    []uint16      // types of record that it has besides addresses and aliases
	Wildcards dnsname.Reach // how far its wildcards reach
	Parts     []*Index
	Certain   func() bool // reports whether all objects of the kind are known, so that a name that it does not have does not exist in it
}

// Index holds the records of a kind in one cluster.
type Index struct {
	Records        *store.Store[record.Record]             // by name
	Wildcards      dnsname.Reach                           // how far the kind's wildcards reach
	GatewayTargets func(gateway store.Key) *record.Targets // returns the targets of a Gateway, for bindings; callers do not change them
	Unions         map[string]*union                       // of names that many objects share; guarded by Database.mu and, for writing, by Database.writing as well
	NameCount      atomic.Int64                            // how many names the records claim; a name of two records counts twice
	Cluster        int                                     // in the order of the stanza
	Steered        bool                                    // questions may have a chooser: unions know their objects
}

// NewIndex returns an empty index of a kind whose wildcards have a reach.
func NewIndex(wildcards dnsname.Reach) *Index {
	return &Index{Records: store.New((*record.Record).Key, record.OwnerNames), Wildcards: wildcards}
}

// RLock keeps changes out until RUnlock.
func (db *Database) RLock() { db.mu.RLock() }

// RUnlock ends RLock.
func (db *Database) RUnlock() { db.mu.RUnlock() }

// Exclusively calls a function that changes data which lookups read and which is not from objects.
func (db *Database) Exclusively(change func()) {
	db.mu.Lock()
	defer db.mu.Unlock()
	change()
}
