package steer

import (
	"net/netip"
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// subnet keeps the addresses of the client's own network, and the targets that are for the client (T3).
type subnet struct{}

// Keep implements Filter. The addresses of a target stand in order, so that those of a network are found without looking at each.
func (subnet) Keep(q *Question, targets []zone.Target) []zone.Target {
	var sent [1]span
	network, own := q.ownNetwork(&sent)
	q.look(q.within)
	room := record.MaxLongLists // addresses that may be copied (N7)
	kept := targets[:0]
	for i := range targets {
		t := targets[i]
		if st := t.Data.StatedOf(); st.ForClients() {
			if len(st.Clients) > 0 {
				q.look(q.client.Bits)
			}
			if !slices.Contains(st.Networks, network) && !slices.ContainsFunc(st.Clients, q.client.isIn) {
				continue
			}
		} else if own != nil {
			if t.Addrs = within(own, t.Addrs, &room); len(t.Addrs) == 0 {
				continue
			}
		}
		kept = append(kept, t)
	}
	return kept
}

// ownNetwork returns the client's network, or -1, and the spans of its own addresses: those of the network or else the prefix that the
// client sent. Nil is all addresses.
func (q *Question) ownNetwork(sent *[1]span) (network int, own []span) {
	if q.network == 0 {
		network, within := q.chain.networks.of(&q.client)
		q.network, q.within = network+1, within
		if network < 0 {
			q.network = -1
		}
	}
	c := &q.client
	if network = q.network - 1; q.network > 0 {
		q.because(func() string {
			return "the client " + c.String() + " is in the network " + q.chain.networks.Names[network]
		})
		return network, q.chain.networks.spans[network]
	}
	if !c.Sent {
		q.because(func() string { return "the client " + c.String() + " is in no network" })
		return -1, nil
	}
	q.because(func() string { return "the client is in no network, and its subnet is " + c.String() })
	p := netip.PrefixFrom(c.Addr, c.Bits)
	sent[0] = span{p.Addr().As16(), lastOf(p).As16()}
	return -1, sent[:]
}

// within returns the addresses of a sorted list that lie in one of some spans. It copies them only where they do not stand together.
func within(spans []span, addrs []target.Addr, room *int) []target.Addr {
	from, to := 0, 0 // what stands together
	var copied []target.Addr
	for _, s := range spans {
		first, end := s.cut(addrs)
		switch {
		case first == end:
		case from == to:
			from, to = first, end
		case copied == nil && first == to:
			to = end
		case copied == nil && *room < to-from: // then the first part alone
		default:
			if copied == nil {
				copied = append(copied, addrs[from:to]...)
				*room -= to - from
			}
			end = min(end, first+max(*room, 0))
			copied = append(copied, addrs[first:end]...)
			*room -= end - first
		}
	}
	if copied != nil {
		return copied
	}
	return addrs[from:to:to]
}
