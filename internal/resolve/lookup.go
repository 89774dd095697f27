package resolve

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/miekg/dns"
)

// Lookup is a lookup by a Resolver. It is stored in the context of the lookup's question, so that lookups which lead through several
// server blocks and back to the first one are detected.
type Lookup struct {
	key   string
	depth int         // number of outer lookups
	outer *Lookup     // the lookup during which this one began; nil for none
	ended atomic.Bool // the question passed the last plugin of a server block

	client   context.Context // of the client's question
	question *dns.Msg        // of the client
	progress *Progress       // of the Query that the lookup is for
	steered  atomic.Bool     // the answer depends on the client, or on chance
}

type lookupKey struct{}

// NoteEnd records that a question passed the last plugin of a server block, if a Resolver sent the question. It compares the text of
// the error, because CoreDNS exports neither the error nor the list of plugins.
func NoteEnd(ctx context.Context, err error) {
	if l := LookupOf(ctx); l != nil && strings.HasSuffix(err.Error(), "no next plugin found") {
		l.ended.Store(true)
	}
}

// LookupOf returns the lookup that a question with this context belongs to, or nil.
func LookupOf(ctx context.Context) *Lookup {
	l, _ := ctx.Value(lookupKey{}).(*Lookup)
	return l
}

// NoteSteered records that a filter of `steer` used the client of the question, or chose at random, in this lookup and in all outer ones.
// scope is the SCOPE PREFIX-LENGTH of the answer (T7).
func (l *Lookup) NoteSteered(scope uint8) {
	for ; l != nil; l = l.outer {
		l.steered.Store(true)
		l.progress.raiseScope(scope)
	}
}

// Question returns the client's question. The lookup's own question has no client subnet, because a plugin such as forward would send it
// to other servers.
func (l *Lookup) Question() *dns.Msg { return l.question }

// Client returns the context of the client's question, which has the metadata of the client.
func (l *Lookup) Client() context.Context { return l.client }

// allows reports whether a lookup of a key may be nested in this one.
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
