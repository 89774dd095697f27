package gateway

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/names"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// fileReverse files PTR records for the addresses of a Service, in the reverse zones that there are (RFC 1035
// section 3.5, RFC 3596 section 2.5): one for each name it claims in a forward zone (S5).
func (b *builder) fileReverse(list []string, addrs []target.Addr) {
	var ptrs []dns.RR
	for _, name := range list {
		z := b.zones.match(name)
		if _, wild := names.IsWildcard(name); wild || z == nil || z.reverse || b.zones.hidden.has(name) {
			continue
		}
		ptrs = append(ptrs, &dns.PTR{Hdr: header(".", dns.TypePTR, 0), Ptr: dns.Fqdn(name)})
	}
	if len(ptrs) == 0 {
		return
	}
	ptrs = sortRRs(ptrs)
	ptrs = limited(&b.skips, "record", ptrs, fittingRRs(ptrs))
	d := &data{ttl: b.annotations.ttl, others: &others{rrs: ptrs}}
	for _, a := range addrs {
		if reverse, err := dns.ReverseAddr(a.String()); err == nil {
			b.file(reverse[:len(reverse)-1], d)
		}
	}
}
