package steer

import (
	"slices"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/telemetry"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Filter keeps some of the targets of a name.
type Filter interface {
	// Keep returns the targets that the client of a question gets. It may write to the list once it keeps one of them, and not before.
	Keep(q *Question, targets []zone.Target) []zone.Target
}

// filters is the table of filters.
var filters = map[string]struct {
	Filter
	looks bool // at the client
}{
	"healthy":  {healthy{}, false},
	"subnet":   {subnet{}, true},
	"geo":      {geo{}, true},
	"first":    {first{}, false},
	"weighted": {weighted{}, false},
}

// Names are the names of the filters.
var Names = []string{"healthy", "subnet", "geo", "first", "weighted"}

// strictMark behind the name of a filter lets it keep nothing (T1).
const strictMark = "!"

// NameOf returns the name of a filter as it is written in a chain.
func NameOf(written string) string { return strings.TrimSuffix(written, strictMark) }

// failedOpen counts how often a filter would have kept nothing.
var failedOpen = telemetry.Counter("steer_failed_open_total",
	"Counter of the times a filter of `steer` would have kept no target of a name and kept all, by filter.", "filter")

// Chain is the filters of a stanza. It is not changed once it is made.
type Chain struct {
	links        []link
	networks     *Networks
	places       []*place.Place // of clusters, in the order of the stanza; nil where the Corefile does not say
	locator      Locator        // nil where nothing is known of clients
	clientFilter string         // a filter that looks at the client; empty for none
	draws        bool           // a filter draws at random
	questions    sync.Pool      // of *Question
}

// link is a filter in a chain.
type link struct {
	Filter
	name   string
	strict bool // it may keep nothing
	failed prometheus.Counter
}

// New returns a chain of filters, which are written as in a Corefile. places are those of clusters. The locator may be nil.
func New(written []string, networks *Networks, places []*place.Place, locator Locator) *Chain {
	c := &Chain{networks: networks, places: places, locator: locator}
	for _, w := range written {
		name := NameOf(w)
		if filters[name].looks && c.clientFilter == "" {
			c.clientFilter = name
		}
		c.links = append(c.links, link{filters[name].Filter, name, w != name, failedOpen.WithLabelValues(name)})
	}
	c.draws = c.Has("weighted")
	c.questions.New = func() any { return &Question{chain: c, targets: make([]zone.Target, 0, few)} }
	return c
}

// Has reports whether a filter is in the chain.
func (c *Chain) Has(name string) bool {
	return slices.ContainsFunc(c.links, func(l link) bool { return l.name == name })
}

// Written returns the filters as they are written.
func (c *Chain) Written() (list []string) {
	for _, l := range c.links {
		text := l.name
		if l.strict {
			text += strictMark
		}
		list = append(list, text)
	}
	return list
}

// ClientFilter returns the name of a filter whose decision depends on the client, or an empty string.
func (c *Chain) ClientFilter() string { return c.clientFilter }

// IsRandom reports whether a filter draws at random.
func (c *Chain) IsRandom() bool { return c.draws }

// NewQuestion returns what decides for one question, whose Client the caller fills in before the first lookup. The caller releases it.
func (c *Chain) NewQuestion() *Question {
	q := c.questions.Get().(*Question)
	q.Client.Random = 0
	return q
}
