package source

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// fileReverse files PTR records (RFC 1035 section 3.5, RFC 3596 section 2.5) for the addresses of a Service that are in a reverse zone:
// one for each name that the Service claims in a forward zone (S5).
func fileReverse(b *object.Builder, list []string, addrs []target.Addr) {
	var ptrs []dns.RR
	for _, name := range list {
		z := b.Zones.Match(name)
		if dnsname.IsWildcard(name) || z == nil || z.Reverse || b.Zones.Excluded.Has(name) {
			continue
		}
		ptrs = append(ptrs, &dns.PTR{Hdr: record.Header(".", dns.TypePTR, 0), Ptr: dns.Fqdn(name)})
	}
	if len(ptrs) == 0 {
		return
	}
	ptrs = record.SortRRs(ptrs)
	ptrs = record.Limit(&b.Skips, "record", ptrs, record.FittingRRs(ptrs))
	d := &record.Data{TTL: b.Annotations.TTL, Extra: &record.Extra{RRs: ptrs}}
	for _, a := range addrs {
		if reverse, err := dns.ReverseAddr(a.String()); err == nil {
			b.File(reverse[:len(reverse)-1], d)
		}
	}
}
