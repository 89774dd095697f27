package zone

import (
	"slices"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

// Zone is one of the zones that a stanza is authoritative for.
type Zone struct {
	Name    string // canonical
	FQDN    string
	Reverse bool     // below in-addr.arpa or ip6.arpa
	NS      []string // complete canonical names of the zone's nameservers, in the order of the property nameserver
	MName   string   // MNAME of the SOA
	RName   string
	Serial  Serial
	Of      *Zones
	Parents []*Zone // the parent zone in other stanzas of the server block (N3), once for each stanza that has it
}

// Zones finds the zone of a name. With overlapping zones the longest match wins (N3).
type Zones struct {
	All         []*Zone
	ByName      map[string]*Zone // nil for a zone below one of these that another stanza of the server block serves (N3)
	Excluded    exclusions       // names of the property exclude
	SerialMoved chan struct{}    // holds a signal after a serial moved
}

// Init makes the zones of a list of canonical names without duplicates.
func (z *Zones) Init(list []string) {
	z.ByName, z.SerialMoved = make(map[string]*Zone, len(list)), make(chan struct{}, 1)
	for _, name := range list {
		zone := &Zone{Name: name, FQDN: dns.Fqdn(name), Reverse: isReverse(name), Of: z}
		zone.Serial.Start(time.Now())
		z.ByName[name] = zone
		z.All = append(z.All, zone)
	}
}

func isReverse(name string) bool {
	return dnsname.Within(name, "in-addr.arpa") || dnsname.Within(name, "ip6.arpa")
}

// Match returns the zone of a canonical name. It returns nil if the name is in none of the stanza's zones, or in a longer zone that
// another stanza of the server block serves.
func (z *Zones) Match(name string) *Zone {
	zone, _ := z.find(name)
	return zone
}

// find is Match. It also reports whether ByName has a zone for the name.
func (z *Zones) find(name string) (zone *Zone, found bool) {
	for ok := true; ok; name, ok = dnsname.Parent(name) {
		if zone, found := z.ByName[name]; found {
			return zone, true
		}
	}
	return nil, false
}

// isApex reports whether a name is the apex of a zone of the stanza, or of a zone below it that another stanza serves.
func (z *Zones) isApex(name string) bool {
	_, ok := z.ByName[name]
	return ok
}

// ForQuestion returns the zone that must answer a question for a canonical name, or nil. That is the zone of the name, except that a DS
// question for the apex of a zone goes to its parent zone (RFC 4035 section 3.1.4.1), which may belong to another stanza.
func (z *Zones) ForQuestion(name string, qtype uint16) *Zone {
	zone := z.Match(name)
	if qtype != dns.TypeDS || !z.isApex(name) {
		return zone
	}
	if above, ok := dnsname.Parent(name); ok {
		if parent := z.Match(above); parent != nil {
			return parent
		}
	}
	if zone != nil && len(zone.Parents) > 0 {
		return nil
	}
	return zone
}

// Above returns the zone of this stanza that is the parent of another zone, or nil.
func (z *Zones) Above(child *Zone) *Zone {
	parent, ok := dnsname.Parent(child.Name)
	if !ok {
		return nil
	}
	return z.Match(parent)
}

// CanServe reports whether an object's claim on a name can be served: the name, or a name that it matches as a wildcard of this reach,
// is in a zone, and the name is not excluded. A wildcard may be above the zone (W5), but not one of RFC 4592, whose owner name would be
// in a zone that this server does not have.
func (z *Zones) CanServe(name string, reach dnsname.Reach) bool {
	if z.Excluded.Has(name) {
		return false
	}
	suffix, wild := dnsname.CutWildcard(name)
	if z.Match(suffix) != nil && wild || z.Match(name) != nil {
		return true
	}
	if !wild || reach == dnsname.Closest {
		return false
	}
	return slices.ContainsFunc(z.All, func(zone *Zone) bool { return zone.ReachedBy(suffix, reach) })
}

// InOtherStanza reports whether a name is in a zone below one of these that another stanza of the server block serves.
func (z *Zones) InOtherStanza(name string) bool {
	zone, found := z.find(name)
	return found && zone == nil
}

// Touched collects the zones in which a change affects answers.
type Touched struct {
	*Zones
	list []*Zone
}

// Add adds the zone of a name and, for a wildcard, the zones that it reaches into. It returns at once if all zones are added.
func (t *Touched) Add(name string, reach dnsname.Reach) {
	if len(t.list) == len(t.All) {
		return
	}
	if zone := t.Match(name); zone != nil {
		t.one(zone)
	}
	suffix, wild := dnsname.CutWildcard(name)
	if !wild || reach == dnsname.Closest {
		return
	}
	for _, zone := range t.All {
		if zone.ReachedBy(suffix, reach) {
			t.one(zone)
		}
	}
}

func (t *Touched) one(zone *Zone) {
	if !slices.Contains(t.list, zone) {
		t.list = append(t.list, zone)
	}
}

// Bump moves the serials of the collected zones, and signals SerialMoved.
func (t *Touched) Bump(now time.Time) {
	for _, zone := range t.list {
		zone.Serial.Bump(now)
	}
	if len(t.list) > 0 {
		t.signal()
	}
}

// ContinueSerials moves the serials to those that the same zones had before, where these are ahead.
func (z *Zones) ContinueSerials(before *Zones) {
	for _, zone := range z.All {
		if other := before.ByName[zone.Name]; other != nil {
			zone.Serial.Follow(other.Serial.At(time.Now()))
		}
	}
}

// ReachedBy reports whether a wildcard over host names matches names in the zone (W1, W2, W5, W7). The wildcard is directly below
// suffix, which must be above the zone.
func (z *Zone) ReachedBy(suffix string, reach dnsname.Reach) bool {
	parent, ok := dnsname.Parent(z.Name)
	if !ok || parent != suffix && (reach != dnsname.AnyDepth || !dnsname.Within(parent, suffix)) {
		return false
	}
	for name := z.Name; name != suffix; name, _ = dnsname.Parent(name) {
		if dnsname.IsUnderscored(name) {
			return false
		}
	}
	return true
}

// TouchAll moves the serial of each zone, and of its parent zones in other stanzas.
func (z *Zones) TouchAll(now time.Time) {
	defer z.signal()
	for _, zone := range z.All {
		zone.Serial.Bump(now)
		for _, parent := range zone.Parents {
			parent.Serial.Bump(now)
			parent.Of.signal()
		}
	}
}

func (z *Zones) signal() {
	select {
	case z.SerialMoved <- struct{}{}:
	default:
	}
}
