package explain

import (
	"strings"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/gatewayapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// These types are the data of claims on the status page (statuspage.Data). They share the memory of records, and are formatted as text
// only when they are shown.
type (
	ipv4      record.Targets
	ipv6      record.Targets
	hostnames record.Targets
	records   record.Extra
)

func (t *ipv4) Len() int        { return (*record.Targets)(t).FirstIPv6() }
func (t *ipv4) At(i int) string { return t.Addrs[i].String() }

func (t *ipv6) Len() int        { return len(t.Addrs) - (*record.Targets)(t).FirstIPv6() }
func (t *ipv6) At(i int) string { return t.Addrs[(*record.Targets)(t).FirstIPv6()+i].String() }

func (t *hostnames) Len() int        { return len(t.Hosts) }
func (t *hostnames) At(i int) string { return dns.Fqdn(t.Hosts[i]) }

func (r *records) Len() int        { return len(r.RRs) }
func (r *records) At(i int) string { return RDATA(r.RRs[i]) }

// RDATA returns the data of a record in presentation format.
func RDATA(rr dns.RR) string { return strings.TrimPrefix(rr.String(), rr.Header().String()) }

// patternSet is the patterns of bindings, and the names above them except the root.
type patternSet struct{ patterns, above map[string]bool }

func newPatternSet(bindings []gatewayapi.Binding) patternSet {
	p := patternSet{map[string]bool{}, map[string]bool{}}
	for i, b := range bindings {
		if i > 0 && b.Pattern == bindings[i-1].Pattern {
			continue
		}
		p.patterns[b.Pattern] = true
		for name, _ := dnsname.Parent(b.Pattern); name != ""; name, _ = dnsname.Parent(name) {
			p.above[name] = true
		}
	}
	return p
}

// overlaps reports whether some name matches both a host and one of the patterns.
func (p *patternSet) overlaps(host string) bool {
	suffix, wild := dnsname.CutWildcard(host)
	if p.patterns[host] || wild && p.above[suffix] {
		return true
	}
	for name, _ := dnsname.Parent(host); name != ""; name, _ = dnsname.Parent(name) {
		if p.patterns["*."+name] {
			return true
		}
	}
	return false
}
