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
	// Keep returns the targets that the client of a question gets. It may overwrite the list, but only once it keeps a target: if it keeps
	// none, the whole list may still be served (T1).
	Keep(q *Question, targets []zone.Target) []zone.Target
}

// filters is the table of filters, in the order in which messages name them.
var filters = []struct {
	name string
	Filter
	looksAtClient bool // what the filter keeps depends on the client
	isRandom      bool // what the filter keeps is drawn at random
}{
	{"healthy", healthy{}, false, false},
	{"subnet", subnet{}, true, false},
	{"geo", geo{}, true, false},
	{"first", first{}, false, false},
	{"weighted", weighted{}, false, true},
}

// Names are the names of the filters.
var Names = func() (list []string) {
	for i := range filters {
		list = append(list, filters[i].name)
	}
	return list
}()

// strictMark at the end of a filter's name allows the filter to keep nothing (T1).
const strictMark = "!"

// NameOf returns the name of a filter without its strictMark.
func NameOf(written string) string { return strings.TrimSuffix(written, strictMark) }

// failedOpen counts how often a filter would have kept nothing.
var failedOpen = telemetry.Counter("steer_failed_open_total",
	"Counter of the times a filter of `steer` would have kept no target of a name and kept all, by filter.", "filter")

// Chain is the filters of a stanza. It is immutable.
type Chain struct {
	links        []link
	networks     *Networks
	places       []*place.Place // the place of each cluster, in the order of the stanza; nil if the Corefile does not give one
	locator      Locator        // nil if the places of clients are not known
	clientFilter string         // the first filter that looks at the client; empty for none
	randomFilter string         // the first filter that draws at random; empty for none
	questions    sync.Pool      // of *Question
}

// link is a filter in a chain.
type link struct {
	Filter
	name   string
	strict bool // the filter may keep nothing
	failed prometheus.Counter
}

// New returns the chain of filters that are written as in a Corefile. places are those of the clusters, in the order of the stanza. The
// locator may be nil.
func New(written []string, networks *Networks, places []*place.Place, locator Locator) *Chain {
	c := &Chain{networks: networks, places: places, locator: locator}
	for _, w := range written {
		f := &filters[slices.Index(Names, NameOf(w))]
		if f.looksAtClient && c.clientFilter == "" {
			c.clientFilter = f.name
		}
		if f.isRandom && c.randomFilter == "" {
			c.randomFilter = f.name
		}
		c.links = append(c.links, link{f.Filter, f.name, w != f.name, failedOpen.WithLabelValues(f.name)})
	}
	c.questions.New = func() any { return &Question{chain: c, targets: make([]zone.Target, 0, few)} }
	return c
}

// Has reports whether the chain contains a filter.
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

// ClientFilter returns the name of the first filter that looks at the client, or an empty string.
func (c *Chain) ClientFilter() string { return c.clientFilter }

// RandomFilter returns the name of the first filter that draws at random, or an empty string.
func (c *Chain) RandomFilter() string { return c.randomFilter }

// IsRandom reports whether a filter draws at random.
func (c *Chain) IsRandom() bool { return c.randomFilter != "" }

// NewQuestion takes a Question from the pool. The caller fills in its Client before the first lookup, and releases it in the end.
func (c *Chain) NewQuestion() *Question {
	q := c.questions.Get().(*Question)
	q.Client.Random = 0
	return q
}
