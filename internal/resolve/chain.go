package resolve

import (
	"context"
	"strings"
	"sync/atomic"
)

// chain is the lookups that a question has led to from within one another, in a context. Aliases that
// lead through several servers of this process and back would otherwise never end.
type chain struct {
	key   string
	depth int
	outer *chain
	ended atomic.Bool // the last plugin of a server block passed the lookup on
}

type chainKey struct{}

// NoteEnd notes that the last plugin of a server block passed a question on, if the question is a lookup of ours. CoreDNS exports neither the
// error nor what plugins there are.
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
