package zone

import (
	"sync"
	"sync/atomic"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// Database is zones, and what objects say in them: the indexes of all kinds, and the table of the names that exist. Put changes
// it, Lookup reads it.
type Database struct {
	Zones Zones
	Kinds []*Kind // in order of priority (Z14)

	// mu lets a lookup see every name of an object either as it was before a change or as it is after. It is
	// held for a piece of one object's change at a time.
	mu      sync.RWMutex
	Names   dnsname.Table
	writing sync.Mutex // held before mu to write: what takes long is prepared under it, and no question waits

	Completed atomic.Bool // everything that is watched has been listed once, or found absent

	AllListed    func() bool            // works Completed out, and returns it; lookups call it
	IsNameserver func(name string) bool // a nameserver's addresses are no object's
}

// Kind is a configured kind as lookups see it: the indexes of its records, one for each cluster. source.Served is the same kind as
// clusters see it.
type Kind struct {
	Number    int          // its place in the order of priority
	Others    []uint16     // types of record that it has besides addresses and aliases
	Wildcards dnsname.Sort // of its wildcards
	Parts     []*Index
	Certain   func() bool // reports whether what the kind has for a name is all there is
}

// Index holds the records of a kind in one cluster.
type Index struct {
	Records        *store.Store[record.Record]             // by name
	Wildcards      dnsname.Sort                            // of the kind's wildcards
	GatewayTargets func(gateway store.Key) *record.Targets // of a Gateway, for bindings; they are not written to
	Unions         map[string]*union                       // of names that many objects share; guarded by Database.mu and, for writing, by Database.writing as well
	Names          atomic.Int64                            // in records, counted for each
	Cluster        int                                     // in the order of the stanza
	Steered        bool                                    // questions may have a chooser: unions know their objects
}

// NewIndex returns an empty index of a kind whose wildcards are of a sort.
func NewIndex(wildcards dnsname.Sort) *Index {
	return &Index{Records: store.New((*record.Record).Key, record.OwnerNames), Wildcards: wildcards}
}

// RLock keeps changes away until RUnlock.
func (db *Database) RLock() { db.mu.RLock() }

// RUnlock ends RLock.
func (db *Database) RUnlock() { db.mu.RUnlock() }

// Exclusively calls a function that changes what lookups see beside the objects.
func (db *Database) Exclusively(change func()) {
	db.mu.Lock()
	defer db.mu.Unlock()
	change()
}
