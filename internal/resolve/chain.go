package resolve

import (
	"context"
	"strings"
	"sync/atomic"
)

// chain is the stack of nested lookups of a question, kept in the context. Without it, aliases that lead through several
// servers of this process and back would never end.
type chain struct {
	key   string
	depth int
	outer *chain
	ended atomic.Bool // the lookup passed the last plugin of a server block
}

type chainKey struct{}

// NoteEnd notes that a question passed the last plugin of a server block, if the question is a lookup by a Resolver. It
// compares the error text, because CoreDNS does not export the error, or the list of plugins.
func NoteEnd(ctx context.Context, err error) {
	if c, ok := ctx.Value(chainKey{}).(*chain); ok && strings.HasSuffix(err.Error(), "no next plugin found") {
		c.ended.Store(true)
	}
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
