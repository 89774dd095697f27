package gateway

import (
	"strings"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/names"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// The data of claims on the status page (statuspage.Data) are what the records hold, put into text when they are shown.
type (
	ipv4      targets
	ipv6      targets
	hostnames targets
	records   others
)

func (t *ipv4) Len() int        { return (*targets)(t).first6() }
func (t *ipv4) At(i int) string { return t.addrs[i].String() }

func (t *ipv6) Len() int        { return len(t.addrs) - (*targets)(t).first6() }
func (t *ipv6) At(i int) string { return t.addrs[(*targets)(t).first6()+i].String() }

// first6 returns how many IPv4 addresses come before the first IPv6 address.
func (t *targets) first6() int {
	v4, _ := target.Split(t.addrs)
	return len(v4)
}

func (t *hostnames) Len() int        { return len(t.hosts) }
func (t *hostnames) At(i int) string { return dns.Fqdn(t.hosts[i]) }

func (r *records) Len() int        { return len(r.rrs) }
func (r *records) At(i int) string { return rdata(r.rrs[i]) }

// rdata is the data of a record in presentation format.
func rdata(rr dns.RR) string { return strings.TrimPrefix(rr.String(), rr.Header().String()) }

// via returns the targets of a Gateway, which are not written to.
func (j *join) via(key objectKey) *targets {
	if gw := j.gateways.get(key); gw != nil {
		return &gw.targets
	}
	return &targets{}
}

// hostSet is the patterns of bindings, and the names above them.
type hostSet struct{ patterns, above map[string]bool }

func newHostSet(bindings []binding) hostSet {
	h := hostSet{map[string]bool{}, map[string]bool{}}
	for i, b := range bindings {
		if i > 0 && b.pattern == bindings[i-1].pattern {
			continue
		}
		h.patterns[b.pattern] = true
		for name, ok := above(b.pattern); ok; name, ok = above(name) {
			h.above[name] = true
		}
	}
	return h
}

// meets reports whether a host and one of the patterns have a name in common.
func (h *hostSet) meets(host string) bool {
	suffix, wild := names.IsWildcard(host)
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
