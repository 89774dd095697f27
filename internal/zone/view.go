package zone

import (
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// finder returns the records that a kind has under a name.
type finder func(s *Index, name string) store.Found[record.Record]

// Indexed is the finder that asks the kinds' stores.
func Indexed(s *Index, name string) store.Found[record.Record] {
	return s.Records.ByValue(record.ByName, name)
}

// shared returns the union of the data of many objects of a kind at the name, if there is one.
func (v *View) shared(s *Index) (unionSnapshot, bool) {
	if v.WithoutUnions || len(s.Unions) == 0 { // a transfer does not hold the lock that guards the unions
		return unionSnapshot{}, false
	}
	u := s.Unions[v.Match.Name]
	if u == nil {
		return unionSnapshot{}, false
	}
	return unionSnapshot{u.snapshot}, true
}

// View is the data that the kinds have for one name.
type View struct {
	*Database
	Find          finder
	Match         dnsname.Match
	Name          string // the name in the question; it differs from Match.Name only if that is a wildcard
	Zone          *Zone
	certain       bool    // false after a kind was asked that has not been listed completely
	foundTargets  bool    // true after a target was found
	WithoutUnions bool    // answer from the records alone, as a transfer does
	Chooser       Chooser // of a client's targets; nil for all targets
}

// Answer answers a question. A question of type ANY gets one RRset of the name (RFC 8482).
func (v *View) Answer(qtype uint16, a *Answer) {
	if qtype != dns.TypeANY {
		v.AnswerType(qtype, a)
		return
	}
	for _, t := range AnyTypes {
		if v.AnswerType(t, a); a.Result != NoData {
			return
		}
	}
}

// IsAddress reports whether a type is A or AAAA.
func IsAddress(qtype uint16) bool { return qtype == dns.TypeA || qtype == dns.TypeAAAA }

// OtherTypes are the types of records other than addresses and aliases. NS is first.
var OtherTypes = []uint16{dns.TypeNS, dns.TypeMX, dns.TypeTXT, dns.TypeSRV, dns.TypePTR, dns.TypeNAPTR, dns.TypeCAA}

// AddressTypes are the types of addresses, in the order of additional records.
var AddressTypes = []uint16{dns.TypeA, dns.TypeAAAA}

// AnyTypes is the order in which the types of a name are tried for ANY. It has all types of records except NS.
var AnyTypes = append(AddressTypes[:2:2], OtherTypes[1:]...)

// AnswerType answers a question of any type except ANY.
func (v *View) AnswerType(qtype uint16, a *Answer) {
	if !IsAddress(qtype) && v.others(qtype, a) {
		return
	}
	*a = Answer{RRset: RRset{Qtype: qtype}}
	v.resolveTargets(a)
	v.foundTargets = v.foundTargets || a.Addressed || a.Hostnames() || a.refused
	switch {
	case a.refused:
		*a = Answer{Result: NoData, Unclaimed: true}
	case a.Addressed && !a.Empty():
		a.Result = Success
	case a.Addressed || !a.Hostnames():
		*a = Answer{Result: NoData}
	default:
		v.decideAlias(a)
	}
}

// decideAlias decides how hostnames are answered. A single hostname is a CNAME, for every type (RFC 1034 section 3.6.2). A CNAME is
// not possible at the apex, beside other data, or for several hostnames; the answer is then the addresses of the hostnames
// (C2). The CNAME of a DNSEndpoint is instead dropped, if there is other data (D3).
func (v *View) decideAlias(a *Answer) {
	beside := v.HasOthers()
	if a.TTL = a.HostTTL; len(a.Hosts) == 0 {
		if beside {
			*a = Answer{Result: NoData}
			return
		}
		a.Hosts, a.TTL = []string{a.CNAME}, a.CnameTTL
	}
	switch {
	case len(a.Hosts) == 1 && v.Name != v.Zone.Name && !beside:
		a.Result, a.Target = Alias, a.Hosts[0]
	case IsAddress(a.Qtype):
		a.Result = Flatten
	default:
		a.Result = NoData
	}
}

// targetSummary is what the kinds have for a name, in addition to the addresses of the family in the question and the hostnames in
// the answer.
type targetSummary struct {
	Addressed bool // there are addresses, of either family
	HostTTL   uint32
	CNAME     string
	CnameTTL  uint32

	refused      bool // there are targets, none of which the client gets
	refusedAlias bool // of these, only CNAMEs of DNSEndpoints
}

// Hostnames reports whether the name is an alias of other names.
func (a *Answer) Hostnames() bool { return len(a.Hosts) > 0 || a.CNAME != "" }

// resolveTargets asks the kinds in the order of priority. The first kind that has a target for the name answers alone (Z14). The CNAME
// of a DNSEndpoint counts only if no other kind has a target.
func (v *View) resolveTargets(a *Answer) {
	for _, k := range v.Kinds {
		if !v.asks(k) {
			continue
		}
		v.addKindTargets(k, a)
		if a.By == nil && a.CNAME != "" {
			a.By = k
		}
		if a.Addressed || len(a.Hosts) > 0 {
			a.By = k
			return
		}
		if a.refused {
			return
		}
	}
	a.refused = a.refusedAlias && a.CNAME == ""
}

// asks reports whether a kind can have records for the match. It notes if the kind has not been listed completely.
func (v *View) asks(k *Kind) bool {
	if v.Match.Result == dnsname.Wildcard && !v.Match.Applies[k.Wildcards] {
		return false
	}
	v.certain = v.certain && k.Certain()
	return true
}

// addKindTargets unites the targets of the objects of one kind for the name, in all clusters. Addresses win over hostnames (C1).
func (v *View) addKindTargets(k *Kind, a *Answer) {
	if v.Chooser != nil {
		v.chooseTargets(k, a)
		return
	}
	for _, s := range k.Parts {
		if u, ok := v.shared(s); ok {
			u.addTargets(a, v.Name)
			continue
		}
		found := v.Find(s, v.Match.Name)
		for _, rec := range found.All() {
			for _, e := range rec.At(v.Match.Name) {
				if d := e.Data; d.Gateway != (store.Key{}) {
					a.addTargets(rec, d, s.GatewayTargets(d.Gateway), v.Name)
				} else {
					a.addTargets(rec, d, &d.Targets, v.Name)
				}
			}
		}
	}
	if a.Addressed {
		a.Hosts, a.CNAME = nil, ""
	}
	a.Settle()
}

// addTargets adds the targets of one object. The name itself is not a target (C5).
func (a *Answer) addTargets(object *record.Record, d *record.Data, t *record.Targets, name string) {
	if len(t.Addrs) > 0 {
		a.Addressed = true
		a.Add(object, d.TTL, t.Addrs, nil)
	} else if len(t.Hosts) > 0 || d.CNAME != "" {
		a.addAliases(d, t, name)
	}
}

// addAliases is point for an object that has no addresses.
func (a *Answer) addAliases(d *record.Data, t *record.Targets, name string) {
	hosts, cname := aliasesOf(d, t, name)
	a.addHostnames(d.TTL, hosts, cname)
}

// aliasesOf returns the hostnames that an object points a name at. The name is none for itself (C5).
func aliasesOf(d *record.Data, t *record.Targets, name string) (hosts []string, cname string) {
	hosts, cname = t.Hosts, d.CNAME
	if slices.Contains(hosts, name) {
		hosts = slices.DeleteFunc(slices.Clone(hosts), func(host string) bool { return host == name })
	}
	if cname == name {
		cname = ""
	}
	return hosts, cname
}

// addHostnames adds the hostnames of one object.
func (a *Answer) addHostnames(ttl uint32, hosts []string, cname string) {
	if len(hosts) == 0 && cname == "" {
		return
	}
	if len(hosts) > 0 && (len(a.Hosts) == 0 || ttl < a.HostTTL) {
		a.HostTTL = ttl
	}
	a.Hosts = unite(a.Hosts, hosts)
	if cname != "" && (a.CNAME == "" || cname < a.CNAME || cname == a.CNAME && ttl < a.CnameTTL) {
		a.CNAME, a.CnameTTL = cname, ttl
	}
}

// others unites the records of a type other than addresses from every kind (Z14), and reports whether there are any. Answer.By
// becomes the first kind that has some.
func (v *View) others(qtype uint16, a *Answer) bool {
	*a = Answer{RRset: RRset{Qtype: qtype}}
	for _, k := range v.Kinds {
		if !slices.Contains(k.Others, qtype) || !v.asks(k) {
			continue
		}
		for _, s := range k.Parts {
			if u, ok := v.shared(s); ok {
				u.others(a)
				continue
			}
			found := v.Find(s, v.Match.Name)
			for _, rec := range found.All() {
				for _, e := range rec.At(v.Match.Name) {
					if e.Identified() {
						break
					}
					a.Add(rec, e.Data.TTL, nil, e.Data.RRs)
					a.ServiceSRV = a.ServiceSRV || e.Data.ServiceSRV && qtype == dns.TypeSRV
				}
			}
		}
		if a.By == nil && !a.Empty() {
			a.By = k
		}
	}
	a.Settle()
	return !a.Empty()
}

// HasOthers reports whether the name has records of any type that is not an address.
func (v *View) HasOthers() bool {
	for _, k := range v.Kinds {
		if len(k.Others) == 0 || !v.asks(k) {
			continue
		}
		for _, s := range k.Parts {
			if u, ok := v.shared(s); ok {
				if u.hasOthers() {
					return true
				}
				continue
			}
			found := v.Find(s, v.Match.Name)
			for _, rec := range found.All() {
				for _, e := range rec.At(v.Match.Name) {
					if len(e.Data.RRs) > 0 {
						return true
					}
					if e.Identified() {
						break
					}
				}
			}
		}
	}
	return false
}

// unite returns the sorted union of two sorted lists.
func unite(a, b []string) []string {
	if len(a) == 0 {
		return slices.Clip(b)
	}
	list := slices.Concat(a, b)
	slices.Sort(list)
	return slices.Compact(list)
}
