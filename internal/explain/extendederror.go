package explain

import (
	"fmt"
	"strings"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Explainer gives the reasons for the answers of a stanza. It reads the stanza's data, and changes nothing.
type Explainer struct {
	*zone.Database
	resolve.Authority
	Kinds       []source.ServedKind
	Clusters    []*kube.Cluster
	Sources     *source.Sources
	Upstream    *resolve.Resolver
	Nameservers Nameservers
}

// Nameservers gives information about the nameservers of a stanza, by their canonical names.
type Nameservers interface {
	// Awaited returns the resource that has to be listed before the addresses are known, or "".
	Awaited(name string) string
	// Problem returns why clients cannot find the nameserver, or "".
	Problem(name string) string
	// Outranks returns why an object's records of a type are not answered at the name (Z4), or "".
	Outranks(name, rrtype string) string
}

// ExtendedError is the reason for a negative or stale answer, as an Extended DNS Error (RFC 8914).
type ExtendedError struct {
	Code uint16
	Text string
}

// ExtendedError returns the Extended DNS Error of a negative or stale answer, and false if there is none.
func (e *Explainer) ExtendedError(z *zone.Zone, name string, o resolve.Outcome) (ExtendedError, bool) {
	switch {
	case o.Stale:
		return ExtendedError{dns.ExtendedErrorCodeStaleAnswer, "an upstream server does not answer, so the last answer is in use"}, true
	case o.Dangling && o.Result == zone.Success:
		text := e.aliasEnd(z, name).loop()
		return ExtendedError{dns.ExtendedErrorCodeOther, text}, text != ""
	case o.Result != zone.Unavailable && o.Result != zone.NameError && o.Result != zone.NoData:
		return ExtendedError{}, false
	case !e.Complete(), o.Result == zone.Unavailable && e.Nameservers.Awaited(name) != "":
		return ExtendedError{dns.ExtendedErrorCodeNotReady, "waiting for " + strings.Join(e.missing(name), ", ")}, true
	case o.Result == zone.Unavailable && o.NoUpstream:
		return ExtendedError{dns.ExtendedErrorCodeNoReachableAuthority, "it has the addresses of " + e.aliasEnd(z, name).outside() + ", and " + resolve.NoLookup}, true
	case o.Result == zone.Unavailable:
		return ExtendedError{dns.ExtendedErrorCodeNoReachableAuthority, "an upstream server does not answer for " + e.aliasEnd(z, name).outside()}, true
	}
	if o.Result == zone.NameError {
		if text := e.dangling(z, name); text != "" {
			return ExtendedError{dns.ExtendedErrorCodeOther, text}, true
		}
	}
	if e.Zones.Excluded.Has(name) {
		return ExtendedError{dns.ExtendedErrorCodeOther, object.ExcludedReason}, true
	}
	e.RLock()
	defer e.RUnlock()
	var texts []string
	m := e.Names.Find(name)
	if m.Result == dnsname.Pending {
		texts = e.pending(m)
	} else if m.Result == dnsname.NonTerminal { // Z7
		if wildcard, ok := e.Names.Covering(name); ok {
			texts = append(texts, "names below it exist, so the wildcard "+wildcard+" does not cover it")
		}
	} else if m.Result == dnsname.Absent {
		for _, c := range e.Clusters {
			if e.Sources.JoinOf(c) != nil {
				texts = append(texts, e.Sources.JoinOf(c).Refusals(name, maxReasons)...)
			}
		}
		if wildcard := e.wildcardOfHosts(name); wildcard != "" {
			texts = append(texts, "the wildcard "+wildcard+" covers host names only, and no label of these begins with an underscore")
		}
	}
	if m.Result == dnsname.Absent && len(texts) < maxReasons {
		texts = append(texts, e.unserved(z, name)...)
	}
	if len(texts) == 0 {
		return ExtendedError{}, false
	}
	return ExtendedError{dns.ExtendedErrorCodeOther, strings.Join(texts, "; ")}, true
}

// wildcardOfHosts returns the wildcard that would cover a name if its labels did not begin with underscores (W7), or "".
func (e *Explainer) wildcardOfHosts(name string) string {
	labels := strings.Split(name, ".")
	for i, label := range labels {
		labels[i] = strings.TrimLeft(label, "_")
	}
	host := strings.Join(labels, ".")
	if m := e.Names.Find(host); host != name && m.Result == dnsname.Wildcard {
		return m.Name
	}
	return ""
}

// missing returns the resources that must still be listed before a name can be answered: kinds, and a nameserver's Service.
func (e *Explainer) missing(name string) []string {
	var list []string
	if awaited := e.Nameservers.Awaited(name); awaited != "" {
		list = append(list, awaited)
	}
	for _, k := range e.Kinds {
		if !k.Complete() {
			list = append(list, k.Name)
		}
	}
	return list
}

// maxReasons limits how many objects an explanation names.
const maxReasons = 3

// pending returns a sentence for each object that claims a name and has no target for it.
func (e *Explainer) pending(m dnsname.Match) []string {
	var texts []string
	for _, k := range e.Kinds {
		if dnsname.IsWildcard(m.Name) && !m.Applies[k.Wildcards] {
			continue
		}
		for _, s := range k.Parts {
			found := s.Records.ByValue(record.ByName, m.Name)
			for _, rec := range found.All() {
				if rec.IsEarlier() {
					continue
				}
				if len(texts) == maxReasons {
					return append(texts, "…")
				}
				if bad := rec.BadTarget(); bad != "" {
					texts = append(texts, fmt.Sprintf("%s %s has no address: %s", k.Name, rec.Key().String(), bad))
				} else if hasOwnTargets(&k) {
					text := k.Name + " " + rec.Key().String() + " has no target that can be served"
					if bad := rec.SkippedValues().Cause(m.Name); bad != "" {
						text += ": " + bad
					}
					texts = append(texts, text)
				} else if via := rec.At(m.Name)[0].Data.Gateway; via != (store.Key{}) {
					texts = append(texts, fmt.Sprintf("Gateway %s of a %s has no address yet", via, k.Name))
				} else {
					texts = append(texts, fmt.Sprintf("%s %s has no address yet", k.Name, rec.Key().String()))
				}
			}
		}
	}
	return texts
}
