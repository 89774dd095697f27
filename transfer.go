package gateway

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/coredns/coredns/plugin/transfer"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/pace"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

var errIncomplete = errors.New("zone cannot be transferred yet: not everything that is in it has been listed")

// Transfer implements transfer.Transferer for all stanzas of the server block: CoreDNS registers handlers by name
// (dnsserver.Config.Handlers), so of several stanzas it calls only one. An AXFR (RFC 5936) has all records of the zone. An IXFR (RFC 1995) has the same or, if the
// secondary is up to date, the SOA alone.
func (g *Gateway) Transfer(origin string, serial uint32) (<-chan []dns.RR, error) {
	for _, member := range g.block {
		member = member.current()
		if z := member.Zones.ByName[origin[:len(origin)-1]]; z != nil {
			return member.transfer(z, serial)
		}
	}
	return nil, transfer.ErrNotAuthoritative
}

func (g *Gateway) transfer(z *zone.Zone, serial uint32) (<-chan []dns.RR, error) {
	if !g.zonesComplete() {
		return nil, errIncomplete
	}
	// The SOA is read before the data, so that a change in between is transferred again with the next serial.
	soa := []dns.RR{g.soa(z, z.FQDN, g.ttl)}
	ch := make(chan []dns.RR)
	if current := soa[0].(*dns.SOA).Serial; serial != 0 && int32(serial-current) >= 0 {
		go func() { // it ends, because the receiver drains the channel
			defer close(ch)
			ch <- soa
		}()
		return ch, nil
	}
	s := g.snapshot(z)
	go func() {
		defer close(ch)
		ch <- soa
		ch <- g.nameserverRecords(z)
		for _, name := range s.names {
			s.Yield()
			if rrs := s.records(name); len(rrs) > 0 {
				ch <- rrs
			}
		}
		ch <- soa
	}()
	return ch, nil
}

// nameserverRecords returns the NS records of the zone, the NS records that delegate to zones of the server block below it, and those
// addresses of the nameservers that lie in the zone or are glue. Addresses that come from an object in the zone are transferred with their
// name.
func (g *Gateway) nameserverRecords(z *zone.Zone) []dns.RR {
	var ns, glue []dns.RR
	done := map[string]bool{} // zones and, with a final dot, nameservers: of two stanzas with the same zone, the first answers
	for _, member := range append([]*Gateway{g}, g.block...) {
		var hosts []string
		for _, of := range member.Zones.All {
			if of != z && member.Zones.Above(of) != z && !slices.Contains(of.Parents, z) || done[of.Name] {
				continue
			}
			done[of.Name] = true
			for _, name := range of.NS {
				ns = append(ns, &dns.NS{Hdr: record.Header(of.FQDN, dns.TypeNS, g.ttl), Ns: dns.Fqdn(name)})
			}
			hosts = append(hosts, of.NS...)
		}
		for name := range member.nsNames { // nameservers of other zones with a name in this one
			if member.Zones.Match(name) == z {
				hosts = append(hosts, name)
			}
		}
		slices.Sort(hosts)
		for _, name := range slices.Compact(hosts) {
			ns := member.nsNames[name]
			if fqdn := dns.Fqdn(name); ns != nil && dnsname.Within(name, z.Name) && (ns.HasOwnAddrs() || member.Zones.Match(name) != z) && !done[fqdn] {
				done[fqdn] = true
				glue = append(glue, resolve.AddressRecords(member, fqdn)...)
			}
		}
	}
	return append(ns, glue...)
}

// snapshot is a zone with the records that each kind had at one point in time. Records are immutable, so it only has to index them by name.
type snapshot struct {
	*Gateway
	pace.Pace
	zone  *zone.Zone
	names []string // sorted
	filed map[*zone.Index]map[string][]*record.Record
	cuts  map[string][]string // the nameservers of each zone cut
	glue  map[string]bool     // the nameservers of the zone cuts that lie below no other cut
}

func (g *Gateway) snapshot(z *zone.Zone) *snapshot {
	s := &snapshot{Gateway: g, zone: z, filed: map[*zone.Index]map[string][]*record.Record{}, cuts: map[string][]string{}, glue: map[string]bool{}}
	for _, k := range g.Served {
		for _, part := range k.Parts {
			s.file(part)
		}
	}
	// For a secondary, a wildcard above the zone is the same as a wildcard at the apex.
	s.names = append(s.names, z.Name, dnsname.Join("*", z.Name))
	slices.Sort(s.names)
	s.names = slices.Compact(s.names)
	for cut, nameservers := range s.cuts {
		if _, below := s.cut(cut); !below {
			for _, ns := range nameservers {
				s.glue[ns] = true
			}
		}
	}
	return s
}

// file takes what a kind has for names in the zone, and for wildcards above it.
func (s *snapshot) file(k *source.Part) {
	filed := map[string][]*record.Record{}
	for _, rec := range k.Records.List() {
		s.Yield()
		for i, e := range rec.Entries {
			inside := s.Zones.Match(e.Name) == s.zone
			if suffix, wild := dnsname.CutWildcard(e.Name); !inside && !(wild && s.zone.ReachedBy(suffix, k.Kind.Wildcards)) {
				continue
			}
			if i == 0 || rec.Entries[i-1].Name != e.Name {
				filed[e.Name] = append(filed[e.Name], rec)
			}
			if inside {
				s.names = append(s.names, e.Name)
			}
			if e.Data.Delegates() {
				for _, rr := range e.Data.RRs {
					ns := rr.(*dns.NS).Ns
					s.cuts[e.Name] = append(s.cuts[e.Name], ns[:len(ns)-1])
				}
			}
		}
	}
	s.filed[k.Index] = filed
}

// view returns the records of a name in the snapshot. A wildcard is a name like any other.
func (s *snapshot) view(name string) *zone.View {
	v := &zone.View{
		Database:      &s.Database,
		WithoutUnions: true,
		Find:          func(k *zone.Index, name string) store.Found[record.Record] { return store.NewFound(s.filed[k][name]) },
		Match:         dnsname.Match{Result: dnsname.Exact, Name: name},
		Name:          name,
		Zone:          s.zone,
	}
	if name == s.zone.Name || name == dnsname.Join("*", s.zone.Name) {
		s.RLock()
		defer s.RUnlock()
		if m := s.Database.Names.Find(name); m.Result == dnsname.Wildcard {
			v.Match = m
		}
	}
	return v
}

// records returns the records of a name that a secondary needs: all or, at and below a zone cut, those of the referral.
func (s *snapshot) records(name string) []dns.RR {
	v, owner := s.view(name), dns.Fqdn(name)
	ns := s.nsNames[name]
	at, below := s.cut(name)
	var rrs []dns.RR
	for _, qtype := range s.types(name, at, below) {
		if zone.IsAddress(qtype) && ns != nil && ns.HasOwnAddrs() {
			continue // transferred with the NS records
		}
		var a zone.Answer
		if v.AnswerType(qtype, &a); a.ServiceSRV {
			s.RLock()
			s.ResolveSRVTargets(name, &a)
			s.RUnlock()
		}
		switch {
		case a.Result == zone.Alias && !at && !below && ns == nil:
			return []dns.RR{&dns.CNAME{Hdr: record.Header(owner, dns.TypeCNAME, a.TTL), Target: dns.Fqdn(a.Target)}}
		case a.Result == zone.Success, a.Result == zone.Flatten && !at && !below:
			q := resolve.Query{Authority: s.Gateway, Upstream: s.Gateway.Upstream, Offline: &resolve.CacheOnly{}, Progress: new(resolve.Progress)}
			rrs = append(rrs, q.Follow(s.zone, owner, &resolve.Path{Name: name}, qtype, a).RRs...)
		}
	}
	return rrs
}

// types returns the types of a name that are transferred: all or, at and below a zone cut, those of the referral.
func (s *snapshot) types(name string, at, below bool) []uint16 {
	switch glue := s.glue[name]; {
	case !at && !below:
		return zone.AnyTypes[:]
	case at && glue:
		return []uint16{dns.TypeNS, dns.TypeA, dns.TypeAAAA}
	case at:
		return []uint16{dns.TypeNS}
	case glue:
		return zone.AddressTypes
	}
	return nil
}

// cut reports whether a name is a zone cut, and whether it lies below one.
func (s *snapshot) cut(name string) (at, below bool) {
	if len(s.cuts) == 0 {
		return false, false
	}
	for up := name; up != s.zone.Name; {
		up, _ = dnsname.Parent(up)
		if s.cuts[up] != nil {
			return false, true
		}
	}
	return s.cuts[name] != nil, false
}

// notifyDelay is how long changes are collected before a NOTIFY is sent. The serial moves at most once a second.
const notifyDelay = time.Second

// Notify sends a NOTIFY (RFC 1996) for every zone whose serial has moved, until the context ends. It begins with a NOTIFY for each zone,
// because a secondary may have missed earlier changes.
func (g *Gateway) Notify(ctx context.Context, send func(origin string) error) {
	announced := map[*zone.Zone]uint32{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(notifyDelay):
		}
		for _, z := range g.Zones.All {
			serial := z.Serial.At(time.Now())
			if last, ok := announced[z]; ok && last == serial || !g.zonesComplete() {
				continue
			}
			announced[z] = serial
			go func() { // it retries for some seconds and then ends, so nothing waits for it
				if err := send(z.FQDN); err != nil {
					log.Warningf("notify %s: %v", z.FQDN, err)
				}
			}()
		}
		if !g.zonesComplete() {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-g.Zones.SerialMoved:
		}
	}
}
