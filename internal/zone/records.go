package zone

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// Records returns the RRs of an RRset with an owner name.
func (rs *RRset) Records(owner string) []dns.RR {
	if len(rs.Addrs) > 0 {
		return addressRecords(owner, rs.TTL, rs.Addrs)
	}
	rrs := make([]dns.RR, len(rs.RRs))
	for i, rr := range rs.RRs {
		rrs[i] = dns.Copy(rr)
		*rrs[i].Header() = record.Header(owner, rs.Qtype, rs.TTL)
	}
	return rrs
}

// addressRecords makes A or AAAA records from addresses of one family. It allocates all records and their RDATA at once: an allocation
// for each record and each address would be most of the cost of an answer.
func addressRecords(owner string, ttl uint32, addrs []target.Addr) []dns.RR {
	if len(addrs) == 0 {
		return nil
	}
	rrs := make([]dns.RR, len(addrs))
	if addrs[0].Is4() {
		records := make([]struct {
			rr dns.A
			ip [4]byte
		}, len(addrs))
		for i := range records {
			r := &records[i]
			r.ip = addrs[i].As4()
			r.rr = dns.A{Hdr: record.Header(owner, dns.TypeA, ttl), A: r.ip[:]}
			rrs[i] = &r.rr
		}
		return rrs
	}
	records := make([]struct {
		rr dns.AAAA
		ip [16]byte
	}, len(addrs))
	for i := range records {
		r := &records[i]
		r.ip = addrs[i]
		r.rr = dns.AAAA{Hdr: record.Header(owner, dns.TypeAAAA, ttl), AAAA: r.ip[:]}
		rrs[i] = &r.rr
	}
	return rrs
}
