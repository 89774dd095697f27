package gateway

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

// zone is one of the zones a Gateway is authoritative for.
type zone struct {
	name    string // canonical
	fqdn    string
	reverse bool     // below in-addr.arpa or ip6.arpa
	ns      []string // the nameservers' names in this zone, canonical, whole and in the order of Gateway.nameservers
	mname   string   // of the SOA, as rname is
	rname   string
	serial  serial
	of      *zones
	parents []*zone // the zones of other stanzas of the server block that this one is cut out of (N3)
}

// zones finds the zone of a name. With overlapping zones the longest match wins (N3).
type zones struct {
	all    []*zone
	byName map[string]*zone // nil for a zone that another stanza of the server block serves, below one of these (N3)
	hidden exclusions       // names that are served from no object
	moved  chan struct{}    // holds one signal once a serial moved
}

// init takes canonical names, each once.
func (z *zones) init(list []string) {
	z.byName, z.moved = make(map[string]*zone, len(list)), make(chan struct{}, 1)
	for _, name := range list {
		zone := &zone{name: name, fqdn: dns.Fqdn(name), reverse: isReverse(name), of: z}
		zone.serial.start(time.Now())
		z.byName[name] = zone
		z.all = append(z.all, zone)
	}
}

func isReverse(name string) bool {
	return dnsname.Within(name, "in-addr.arpa") || dnsname.Within(name, "ip6.arpa")
}

// match returns the zone that a canonical name lies in, or nil where it lies in none, or in a longer one that another
// stanza of the server block serves.
func (z *zones) match(name string) *zone {
	zone, _ := z.find(name)
	return zone
}

// find is match that also reports whether the name lies in a zone of the server block at all.
func (z *zones) find(name string) (zone *zone, found bool) {
	for ok := true; ok; name, ok = dnsname.Parent(name) {
		if zone, found := z.byName[name]; found {
			return zone, true
		}
	}
	return nil, false
}

// isApex reports whether a name is the apex of a zone of the stanza, or of a zone below it that another stanza serves.
func (z *zones) isApex(name string) bool {
	_, ok := z.byName[name]
	return ok
}

// asked returns the zone that a question for a canonical name is for, or nil: the one that the name lies in, but for DS
// the one above a zone's apex (RFC 4035 section 3.1.4.1), which may be another stanza's.
func (z *zones) asked(name string, qtype uint16) *zone {
	zone := z.match(name)
	if qtype != dns.TypeDS || !z.isApex(name) {
		return zone
	}
	if above, ok := dnsname.Parent(name); ok {
		if parent := z.match(above); parent != nil {
			return parent
		}
	}
	if zone != nil && len(zone.parents) > 0 {
		return nil
	}
	return zone
}

// above returns the zone that another one of ours is cut out of, or nil.
func (z *zones) above(child *zone) *zone {
	parent, ok := dnsname.Parent(child.name)
	if !ok {
		return nil
	}
	return z.match(parent)
}

// reach reports whether a name that is not excluded, or one that a wildcard of this sort matches, lies in a zone. A
// wildcard may stand above the zone (W5), except RFC 4592's, which would be in a zone that is not ours.
func (z *zones) reach(name string, sort dnsname.Sort) bool {
	if z.hidden.has(name) {
		return false
	}
	suffix, wild := dnsname.IsWildcard(name)
	if z.match(suffix) != nil && wild || z.match(name) != nil {
		return true
	}
	if !wild || sort == dnsname.Closest {
		return false
	}
	return slices.ContainsFunc(z.all, func(zone *zone) bool { return zone.below(suffix, sort) })
}

// elsewhere reports whether a name lies in a zone below one of these that another stanza of the server block serves.
func (z *zones) elsewhere(name string) bool {
	zone, found := z.find(name)
	return found && zone == nil
}

// touched is the zones that a change concerns.
type touched struct {
	*zones
	list []*zone
}

// add adds the zones that a name reaches into. Once these are all there are, no name is looked at any more.
func (t *touched) add(name string, sort dnsname.Sort) {
	if len(t.list) == len(t.all) {
		return
	}
	if zone := t.match(name); zone != nil {
		t.one(zone)
	}
	suffix, wild := dnsname.IsWildcard(name)
	if !wild || sort == dnsname.Closest {
		return
	}
	for _, zone := range t.all {
		if zone.below(suffix, sort) {
			t.one(zone)
		}
	}
}

func (t *touched) one(zone *zone) {
	if !slices.Contains(t.list, zone) {
		t.list = append(t.list, zone)
	}
}

// bump moves the serials.
func (t *touched) bump(now time.Time) {
	for _, zone := range t.list {
		zone.serial.bump(now)
	}
	if len(t.list) > 0 {
		t.signal()
	}
}

// follow has the serials go on from those that the same zones had before.
func (z *zones) follow(before *zones) {
	for _, zone := range z.all {
		if other := before.byName[zone.name]; other != nil {
			zone.serial.follow(other.serial.at(time.Now()))
		}
	}
}

// below reports whether a wildcard over host names that stands at or above the zone reaches down into it (W1, W2, W5, W7).
func (z *zone) below(suffix string, sort dnsname.Sort) bool {
	parent, ok := dnsname.Parent(z.name)
	if !ok || parent != suffix && (sort != dnsname.AnyDepth || !dnsname.Within(parent, suffix)) {
		return false
	}
	for name := z.name; name != suffix; name, _ = dnsname.Parent(name) {
		if dnsname.IsAttribute(name) {
			return false
		}
	}
	return true
}

// touchAll moves every serial, and those of zones in other stanzas that delegate to a zone of this one.
func (z *zones) touchAll(now time.Time) {
	defer z.signal()
	for _, zone := range z.all {
		zone.serial.bump(now)
		for _, parent := range zone.parents {
			parent.serial.bump(now)
			parent.of.signal()
		}
	}
}

func (z *zones) signal() {
	select {
	case z.moved <- struct{}{}:
	default:
	}
}

// serial is the SOA serial of a zone (RFC 1034 section 4.3.5, compared as RFC 1982 says). It is the
// time of the last change in seconds. Changes within one second share it, running at most one second
// ahead of the clock; what came too late for that moves the serial as soon as the clock allows.
type serial struct {
	mu    sync.Mutex // held to change the two below
	value atomic.Uint32
	late  atomic.Bool // there was a change that value does not show yet
}

func (s *serial) start(now time.Time) { s.value.Store(uint32(now.Unix())) }

// follow goes on from another serial, if that is ahead.
func (s *serial) follow(value uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if int32(value-s.value.Load()) > 0 {
		s.value.Store(value)
	}
}

// bump records a change.
func (s *serial) bump(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clock, value := uint32(now.Unix()), s.value.Load()
	switch ahead := int32(value - clock); {
	case ahead < 0:
		s.value.Store(clock)
		s.late.Store(false)
	case ahead == 0:
		s.value.Store(value + 1)
		s.late.Store(false)
	default:
		s.late.Store(true)
	}
}

// at returns the serial.
func (s *serial) at(now time.Time) uint32 {
	if s.late.Load() {
		s.bump(now)
	}
	return s.value.Load()
}
