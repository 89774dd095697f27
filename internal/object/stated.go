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

// The annotations of every kind for filters (section 9 of the rules). They are read if the stanza has `steer`, and the one for clients
// if it has `steer subnet`.
const (
	clientsAnnotation  = "coredns.io/clients"  // networks and CIDRs of the clients that the targets are for
	locationAnnotation = "coredns.io/location" // the location of the targets
	priorityAnnotation = "coredns.io/priority" // lower first
	weightAnnotation   = "coredns.io/weight"   // for `weighted`
)

// maxClients is how many networks and CIDRs one object may name. Each is compared with the client of a question.
const maxClients = 64

var (
	errWeight   = errors.New("is not a weight: want a number from 0 to 65535")
	errPriority = errors.New("is not a priority: want a number from -2147483648 to 2147483647, lower first")
	errClients  = errors.New("is neither a network of the stanza nor a CIDR such as 10.1.0.0/16")
	errHostBits = errors.New("has bits set behind its length")
)

// stated reads the annotations of an object for filters.
func (s *Settings) stated(skips *record.Skips, values map[string]string) *record.Stated {
	st := *record.NothingStated
	read := func(key string, parse func(value string)) {
		if value, ok := values[key]; ok {
			skips.WithAnnotation(key, func() { parse(strings.TrimSpace(value)) })
		}
	}
	if s.ReadClients { // otherwise, the annotation may name networks that the stanza does not have
		read(clientsAnnotation, func(value string) { s.readClients(skips, &st, value) })
	}
	read(locationAnnotation, func(value string) { st.Place = ReadPlace(skips, value) })
	read(priorityAnnotation, func(value string) {
		n, err := strconv.ParseInt(value, 10, 32)
		if err != nil {
			skips.Skip("priority", value, errPriority)
			return
		}
		st.Priority = int32(n)
	})
	read(weightAnnotation, func(value string) { st.Weight = ReadWeight(skips, value, st.Weight) })
	return record.InternStated(st)
}

// readClients reads a list of networks, by name, and CIDRs.
func (s *Settings) readClients(skips *record.Skips, st *record.Stated, list string) {
	for _, item := range record.Limit(skips, "clients", items(list), maxClients) {
		if n := slices.Index(s.Networks, item); n >= 0 {
			st.Networks = append(st.Networks, n)
			continue
		}
		if p, err := ParseCIDR(item); err != nil {
			skips.Skip("clients", item, err)
		} else {
			st.Clients = append(st.Clients, p)
		}
	}
	slices.Sort(st.Networks)
	st.Networks = slices.Compact(st.Networks)
	slices.SortFunc(st.Clients, netip.Prefix.Compare)
	st.Clients = slices.Compact(st.Clients)
}

// ParseCIDR parses a CIDR. A single address is a CIDR of its full length.
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

// ReadWeight parses the weight of a target (T6). It returns fallback for a malformed one.
func ReadWeight(s *record.Skips, value string, fallback uint16) uint16 {
	n, err := strconv.ParseUint(value, 10, 16)
	if err != nil {
		s.Skip("weight", value, errWeight)
		return fallback
	}
	return uint16(n)
}

// ReadPlace parses the location of a target (T4). It returns nil for a malformed one.
func ReadPlace(s *record.Skips, value string) *place.Place {
	p, err := place.Parse(value)
	if err != nil {
		s.Skip("location", value, err)
		return nil
	}
	return &p
}
