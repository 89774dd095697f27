package gateway

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// origin returns the kind that answers a question for a name, the first record that has part in the answer, and in which of the kind's
// indexes it is. There is no record where none has.
func (db *database) origin(z *zone, name string, qtype uint16) (kind *zoneKind, part int, rec *record.Record) {
	db.mu.RLock()
	defer db.mu.RUnlock()
	if cut, ok := db.names.Cut(name, z.name); ok {
		name, qtype = cut, dns.TypeNS
	}
	m := db.names.Find(name)
	if m.Result != dnsname.Exact && m.Result != dnsname.Wildcard {
		return nil, 0, nil
	}
	v := view{database: db, find: indexed, match: m, name: name, zone: z}
	var a answer
	v.answer(qtype, &a)
	if a.by == nil {
		return nil, 0, nil
	}
	for part, index := range a.by.parts {
		if u, ok := v.shared(index); ok {
			if rec := u.source(&a); rec != nil {
				return a.by, part, rec
			}
			continue
		}
		found := indexed(index, m.Name)
		for _, rec := range found.All() {
			for _, e := range rec.At(m.Name) {
				if hasPart(e.Data, &a) {
					return a.by, part, rec
				}
			}
		}
	}
	return nil, 0, nil
}

// hasPart reports whether the data are part of an answer.
func hasPart(d *record.Data, a *answer) bool {
	if len(d.RRs) > 0 {
		return d.RRs[0].Header().Rrtype == a.qtype
	}
	return len(a.rrs) == 0 && (d.Ready || d.CNAME != "" || len(d.Addrs)+len(d.Hosts) > 0)
}
