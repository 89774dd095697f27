package resolve

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/miekg/dns"
)

// Lookup is a lookup by a Resolver, kept in the context of its question, with those that it is nested in. Without it, aliases that
// lead through several servers of this process and back would never end.
type Lookup struct {
	key   string
	depth int
	outer *Lookup
	ended atomic.Bool // the lookup passed the last plugin of a server block

	question *dns.Msg    // of the client
	progress *Progress   // of the Query that the lookup is for
	steered  atomic.Bool // the answer depends on the client, or on chance
}

type lookupKey struct{}

// NoteEnd notes that a question passed the last plugin of a server block, if the question is a lookup by a Resolver. It
// compares the error text, because CoreDNS does not export the error, or the list of plugins.
func NoteEnd(ctx context.Context, err error) {
	if l := LookupOf(ctx); l != nil && strings.HasSuffix(err.Error(), "no next plugin found") {
		l.ended.Store(true)
	}
}

// LookupOf returns the lookup by a Resolver that a question is, or nil.
func LookupOf(ctx context.Context) *Lookup {
	l, _ := ctx.Value(lookupKey{}).(*Lookup)
	return l
}

// NoteSteered notes that a filter of `steer` looked at the client of the question, or drew at random. scope is the SCOPE PREFIX-LENGTH of the
// answer (T7). The answers of all lookups around this one depend on the same.
func (l *Lookup) NoteSteered(scope uint8) {
	for ; l != nil; l = l.outer {
		l.steered.Store(true)
		l.progress.raiseScope(scope)
	}
}

// Question returns the question of the client that the lookup is for. Lookups themselves carry no client subnet, because a plugin such as
// forward would send it to servers elsewhere.
func (l *Lookup) Question() *dns.Msg { return l.question }

// allows reports whether another lookup may be done within this one.
func (l *Lookup) allows(key string) bool {
	if l != nil && l.depth >= MaxHops {
		return false
	}
	for ; l != nil; l = l.outer {
		if l.key == key {
			return false
		}
	}
	return true
}
