package play

import (
	"log"
	"strings"
	"sync"
)

// logged is what CoreDNS has logged since the scenario began.
var logged capture

func init() { log.SetOutput(&logged) }

type capture struct {
	mu   sync.Mutex
	text strings.Builder
}

func (c *capture) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.Write(p)
}

func (c *capture) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text.Reset()
}

func (c *capture) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.String()
}
