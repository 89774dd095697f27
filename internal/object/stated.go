package object

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// The annotations that filters read, on every kind (section 9 of the rules). They count where the stanza has `steer`, and
// the one for clients where it has `steer subnet`.
const (
	clientsAnnotation  = "coredns.io/clients"  // networks and CIDRs of the clients that the targets are for
	locationAnnotation = "coredns.io/location" // where the targets are
	priorityAnnotation = "coredns.io/priority" // lower first
	weightAnnotation   = "coredns.io/weight"   // for `weighted`
)

// maxClients is how many networks and CIDRs one object may name: each is compared with the client of a question.
const maxClients = 64

var (
	errWeight   = errors.New("is not a weight: want a number from 0 to 65535")
	errPriority = errors.New("is not a priority: want a number from -2147483648 to 2147483647, lower first")
	errClients  = errors.New("is neither a network of the stanza nor a CIDR such as 10.1.0.0/16")
	errHostBits = errors.New("has bits set behind its length")
)

// stated reads what the annotations of an object say to filters.
func (c *Settings) stated(s *record.Skips, values map[string]string) *record.Stated {
	st := *record.NothingStated
	read := func(key string, parse func(value string)) {
		if value, ok := values[key]; ok {
			s.WithAnnotation(key, func() { parse(strings.TrimSpace(value)) })
		}
	}
	if c.ReadClients { // else the stanza need not know the networks that the annotation names
		read(clientsAnnotation, func(value string) { c.readClients(s, &st, value) })
	}
	read(locationAnnotation, func(value string) { st.Place = ReadPlace(s, value) })
	read(priorityAnnotation, func(value string) {
		n, err := strconv.ParseInt(value, 10, 32)
		if err != nil {
			s.Skip("priority", value, errPriority)
			return
		}
		st.Priority = int32(n)
	})
	read(weightAnnotation, func(value string) { st.Weight = ReadWeight(s, value, st.Weight) })
	return record.InternStated(st)
}

// readClients reads the clients that targets are for. A network is one by its name.
func (c *Settings) readClients(s *record.Skips, st *record.Stated, list string) {
	for _, item := range record.Limit(s, "clients", items(list), maxClients) {
		if n := slices.Index(c.Networks, item); n >= 0 {
			st.Networks = append(st.Networks, n)
			continue
		}
		if p, err := ParseCIDR(item); err != nil {
			s.Skip("clients", item, err)
		} else {
			st.Clients = append(st.Clients, p)
		}
	}
	slices.Sort(st.Networks)
	st.Networks = slices.Compact(st.Networks)
	slices.SortFunc(st.Clients, netip.Prefix.Compare)
	st.Clients = slices.Compact(st.Clients)
}

// ParseCIDR reads a CIDR. A single address is one of its full length.
func ParseCIDR(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil || p.Addr().Is4In6():
		return netip.Prefix{}, errClients
	case p != p.Masked():
		return netip.Prefix{}, errHostBits
	}
	return p, nil
}

// ReadWeight reads the weight of a target (T6), or returns what holds without.
func ReadWeight(s *record.Skips, value string, missing uint16) uint16 {
	n, err := strconv.ParseUint(value, 10, 16)
	if err != nil {
		s.Skip("weight", value, errWeight)
		return missing
	}
	return uint16(n)
}

// ReadPlace reads the location of a target (T4), or returns nil.
func ReadPlace(s *record.Skips, value string) *place.Place {
	p, err := place.Parse(value)
	if err != nil {
		s.Skip("location", value, err)
		return nil
	}
	return &p
}
