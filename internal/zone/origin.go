package zone

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// Origin returns the kind that answers a question for a name, the first record that is part of the answer, and the record's position
// in Kind.Parts. The record is nil if there is none. With a chooser, which may be nil, it is the record of a target that the client
// gets.
func (db *Database) Origin(c Chooser, z *Zone, name string, qtype uint16) (kind *Kind, part int, rec *record.Record) {
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
	var first firstChosen
	if c != nil {
		first.Chooser = c
		v.Chooser = &first
	}
	var a Answer
	v.Answer(qtype, &a)
	if a.By == nil {
		return nil, 0, nil
	}
	if len(a.RRs) == 0 && first.kind == a.By {
		return a.By, first.Part, first.Record
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

// hasPart reports whether data are part of an answer.
func hasPart(d *record.Data, a *Answer) bool {
	if len(d.RRs) > 0 {
		return d.RRs[0].Header().Rrtype == a.Qtype
	}
	return len(a.RRs) == 0 && (d.HasTarget || d.CNAME != "" || len(d.Addrs)+len(d.Hosts) > 0)
}

// firstChosen is a chooser that records the kind of the last call of Choose that returned a target, and the first of these targets, by
// cluster and object.
type firstChosen struct {
	Chooser
	kind *Kind
	Target
}

// Choose implements Chooser.
func (f *firstChosen) Choose(k *Kind, targets []Target) ([]Target, bool) {
	kept, ok := f.Chooser.Choose(k, targets)
	for i, t := range kept {
		if i == 0 || t.Part < f.Part || t.Part == f.Part && record.CompareObjects(t.Record, f.Record) < 0 {
			f.kind, f.Target = k, t
		}
	}
	return kept, ok
}
