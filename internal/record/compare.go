package record

import (
	"cmp"
	"slices"

	"github.com/miekg/dns"
)

// CompareRRs orders records by type and RDATA, not by owner or TTL. A name may have thousands of records, so the usual types are
// compared without formatting.
func CompareRRs(a, b dns.RR) int {
	if c := cmp.Compare(a.Header().Rrtype, b.Header().Rrtype); c != 0 {
		return c
	}
	switch a := a.(type) {
	case *dns.TXT:
		if b, ok := b.(*dns.TXT); ok {
			return slices.Compare(a.Txt, b.Txt)
		}
	case *dns.SRV:
		if b, ok := b.(*dns.SRV); ok {
			return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Weight, b.Weight), cmp.Compare(a.Port, b.Port), cmp.Compare(a.Target, b.Target))
		}
	case *dns.PTR:
		if b, ok := b.(*dns.PTR); ok {
			return cmp.Compare(a.Ptr, b.Ptr)
		}
	case *dns.MX:
		if b, ok := b.(*dns.MX); ok {
			return cmp.Or(cmp.Compare(a.Preference, b.Preference), cmp.Compare(a.Mx, b.Mx))
		}
	case *dns.NS:
		if b, ok := b.(*dns.NS); ok {
			return cmp.Compare(a.Ns, b.Ns)
		}
	case *dns.CAA:
		if b, ok := b.(*dns.CAA); ok {
			return cmp.Or(cmp.Compare(a.Flag, b.Flag), cmp.Compare(a.Tag, b.Tag), cmp.Compare(a.Value, b.Value))
		}
	case *dns.NAPTR:
		if b, ok := b.(*dns.NAPTR); ok {
			return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Preference, b.Preference), cmp.Compare(a.Flags, b.Flags),
				cmp.Compare(a.Service, b.Service), cmp.Compare(a.Regexp, b.Regexp), cmp.Compare(a.Replacement, b.Replacement))
		}
	}
	return cmp.Compare(a.String(), b.String())
}

// CompareObjects orders the records of one kind and cluster at an owner name: by the key of the object, or, for bindings, by their
// data.
func CompareObjects(a, b *Record) int {
	if a == b {
		return 0
	}
	if a.Routes() == nil || b.Routes() == nil {
		return a.Key().Compare(b.Key())
	}
	d, e := a.Entries[0].Data, b.Entries[0].Data
	return d.compareBinding(e)
}
