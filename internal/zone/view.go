package zone

import (
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// finder returns the records that an index has for a name.
type finder func(s *Index, name string) store.Found[record.Record]

// Indexed is the finder that looks names up in the index. Transfers have a finder of their own.
func Indexed(s *Index, name string) store.Found[record.Record] {
	return s.Records.ByValue(record.ByName, name)
}

// shared returns the union of an index at the name, if there is one.
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
	certain       bool    // Kind.Certain was true for all kinds that the View looked at
	foundTargets  bool    // a target was found
	WithoutUnions bool    // answer from the records alone, as a transfer does
	Chooser       Chooser // of the client's targets; nil for all targets
}

// Answer answers a question. For type ANY, the answer is one RRset of the name (RFC 8482).
func (v *View) Answer(qtype uint16, a *Answer) {
	if qtype != dns.TypeANY {
		v.AnswerType(qtype, a)
		return
	}
	for _, t := range AddressTypes {
		if v.AnswerType(t, a); a.Result != NoData {
			return
		}
	}
	unclaimed := a.Unclaimed // the targets of the name have been looked at
	for _, t := range AnyTypes[len(AddressTypes):] {
		if v.others(t, a) {
			return
		}
	}
	*a = Answer{Result: NoData, Unclaimed: unclaimed}
}

// IsAddress reports whether a type is A or AAAA.
func IsAddress(qtype uint16) bool { return qtype == dns.TypeA || qtype == dns.TypeAAAA }

// OtherTypes are the types of records other than addresses and aliases. NS is first.
var OtherTypes = []uint16{dns.TypeNS, dns.TypeMX, dns.TypeTXT, dns.TypeSRV, dns.TypePTR, dns.TypeNAPTR, dns.TypeCAA}

// AddressTypes are the types of addresses, in the order of additional records.
var AddressTypes = []uint16{dns.TypeA, dns.TypeAAAA}

// AnyTypes are the types that are tried in this order for ANY: all types of records except NS.
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

// decideAlias decides how hostnames are answered. A single hostname is a CNAME, for every type (RFC 1034 section 3.6.2). A CNAME is not
// possible at the apex, beside other data, or for several hostnames. The answer is then the addresses of the hostnames (C2), except that
// the CNAME of a DNSEndpoint is dropped if there is other data (D3).
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

// targetSummary is what an answer notes of the targets of a name besides its addresses and hostnames.
type targetSummary struct {
	Addressed bool   // there are addresses, of either family
	HostTTL   uint32 // the lowest TTL of the objects with hostnames
	CNAME     string // of a DNSEndpoint
	CnameTTL  uint32

	refused      bool // the Chooser refused all targets
	refusedAlias bool // the Chooser refused CNAMEs of DNSEndpoints
}

// Hostnames reports whether the name is an alias of other names.
func (a *Answer) Hostnames() bool { return len(a.Hosts) > 0 || a.CNAME != "" }

// resolveTargets collects the targets of the name. Only the first kind that has a target, in the order of priority, answers (Z14). The
// CNAME of a DNSEndpoint is used only if no other kind has a target.
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

// asks reports whether a kind can have records for the match. It clears v.certain if Kind.Certain is false.
func (v *View) asks(k *Kind) bool {
	if v.Match.Result == dnsname.Wildcard && !v.Match.Applies[k.Wildcards] {
		return false
	}
	v.certain = v.certain && k.Certain()
	return true
}

// addKindTargets adds the targets that the objects of one kind have for the name, in all clusters. Addresses win over hostnames (C1).
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

// addAliases is addTargets for an object without addresses.
func (a *Answer) addAliases(d *record.Data, t *record.Targets, name string) {
	hosts, cname := aliasesOf(d, t, name)
	a.addHostnames(d.TTL, hosts, cname)
}

// aliasesOf returns the hostnames and the CNAME that an object has for a name, without the name itself (C5).
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

// addHostnames adds the hostnames and the CNAME of one object.
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

// others answers with the records of a type other than addresses, united from all kinds (Z14), and reports whether there are any.
// Answer.By is the first kind that has some.
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

// HasOthers reports whether the name has records of types other than addresses and aliases.
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
