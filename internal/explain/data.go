package explain

import (
	"strings"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/gatewayapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// The data of claims on the status page (statuspage.Data) is that of the records. It is formatted as text only when it is
// shown.
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

// hostSet is the patterns of bindings, and the names above them.
type hostSet struct{ patterns, above map[string]bool }

func newHostSet(bindings []gatewayapi.Binding) hostSet {
	h := hostSet{map[string]bool{}, map[string]bool{}}
	for i, b := range bindings {
		if i > 0 && b.Pattern == bindings[i-1].Pattern {
			continue
		}
		h.patterns[b.Pattern] = true
		for name, ok := above(b.Pattern); ok; name, ok = above(name) {
			h.above[name] = true
		}
	}
	return h
}

// meets reports whether some name matches both a host and one of the patterns.
func (h *hostSet) meets(host string) bool {
	suffix, wild := dnsname.CutWildcard(host)
	if h.patterns[host] || wild && h.above[suffix] {
		return true
	}
	for name, ok := host, true; ok; {
		if name, ok = above(name); ok && h.patterns["*."+name] {
			return true
		}
	}
	return false
}

// above returns the name that has one label less.
func above(name string) (string, bool) {
	_, rest, ok := strings.Cut(name, ".")
	return rest, ok
}
