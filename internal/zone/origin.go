package zone

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// Origin returns the kind that answers a question for a name, the first record that has part in the answer, and in which of the kind's
// indexes it is. There is no record where none has.
func (db *Database) Origin(z *Zone, name string, qtype uint16) (kind *Kind, part int, rec *record.Record) {
	db.mu.RLock()
	defer db.mu.RUnlock()
	if cut, ok := db.Names.Cut(name, z.Name); ok {
		name, qtype = cut, dns.TypeNS
	}
	m := db.Names.Find(name)
	if m.Result != dnsname.Exact && m.Result != dnsname.Wildcard {
		return nil, 0, nil
	}
	v := View{Database: db, Find: Indexed, Match: m, Name: name, Zone: z}
	var a Answer
	v.Answer(qtype, &a)
	if a.By == nil {
		return nil, 0, nil
	}
	for part, index := range a.By.Parts {
		found := Indexed(index, m.Name)
		all := found.All()
		for _, rec := range all[:min(len(all), MinShared)] { // nearly always it is the first
			for _, e := range rec.At(m.Name) {
				if hasPart(e.Data, &a) {
					return a.By, part, rec
				}
			}
		}
	}
	return nil, 0, nil
}

// hasPart reports whether the data are part of an answer.
func hasPart(d *record.Data, a *Answer) bool {
	if len(d.RRs) > 0 {
		return d.RRs[0].Header().Rrtype == a.Qtype
	}
	return len(a.RRs) == 0 && (d.Ready || d.CNAME != "" || len(d.Addrs)+len(d.Hosts) > 0)
}
