package resolve

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/miekg/dns"
)

// chain is the stack of nested lookups of a question, kept in the context. Without it, aliases that lead through several
// servers of this process and back would never end.
type chain struct {
	key   string
	depth int
	outer *chain
	ended atomic.Bool // the lookup passed the last plugin of a server block

	question *dns.Msg    // of the client
	progress *Progress   // of the Query that the lookup is for
	steered  atomic.Bool // the answer depends on the client, or on chance
}

type chainKey struct{}

// NoteEnd notes that a question passed the last plugin of a server block, if the question is a lookup by a Resolver. It
// compares the error text, because CoreDNS does not export the error, or the list of plugins.
func NoteEnd(ctx context.Context, err error) {
	if c, ok := ctx.Value(chainKey{}).(*chain); ok && strings.HasSuffix(err.Error(), "no next plugin found") {
		c.ended.Store(true)
	}
}

// NoteSteered notes that a filter of `steer` looked at the client of a question, or drew at random, if the question is a lookup by a
// Resolver. scope is the SCOPE PREFIX-LENGTH of the answer (T7). The answers of all lookups around this one depend on the same.
func NoteSteered(ctx context.Context, scope uint8) {
	c, _ := ctx.Value(chainKey{}).(*chain)
	for ; c != nil; c = c.outer {
		c.steered.Store(true)
		c.progress.widen(scope)
	}
}

// ClientQuestion returns the question of a client that a lookup by a Resolver is for. It returns nil if the question is no such lookup.
// Lookups themselves carry no client subnet, because a plugin such as forward would send it to servers elsewhere.
func ClientQuestion(ctx context.Context) *dns.Msg {
	if c, ok := ctx.Value(chainKey{}).(*chain); ok {
		return c.question
	}
	return nil
}

func (c *chain) allows(key string) bool {
	if c != nil && c.depth >= MaxHops {
		return false
	}
	for ; c != nil; c = c.outer {
		if c.key == key {
			return false
		}
	}
	return true
}
