package steer

import (
	"net/netip"
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// subnet keeps the addresses in the client's own network, and the targets whose annotation names the client (T3).
type subnet struct{}

// Keep implements Filter. The addresses of a target are sorted, so those in a network are found by binary search.
func (subnet) Keep(q *Question, targets []zone.Target) []zone.Target {
	var sent [1]span
	network, own := q.ownNetwork(&sent)
	q.look(q.within)
	room := record.MaxLongLists // how many addresses of long lists may be copied (N7)
	kept := targets[:0]
	for i := range targets {
		t := &targets[i]
		if st := t.Data.StatedOf(); st.ForClients() {
			if len(st.Clients) > 0 {
				q.look(q.Client.Bits)
			}
			if !slices.Contains(st.Networks, network) && !slices.ContainsFunc(st.Clients, q.Client.isIn) {
				continue
			}
		} else if own != nil {
			addrs := within(own, t.Addrs, &room)
			if len(addrs) == 0 {
				continue
			}
			t.Addrs = addrs
		}
		kept = moveKept(kept, targets, i)
	}
	return kept
}

// ownNetwork returns the client's network, or -1, and the spans of the addresses to keep: those of the network or, if there is none, the
// client subnet. Nil keeps all addresses.
func (q *Question) ownNetwork(sent *[1]span) (network int, own []span) {
	c := &q.Client
	if q.network == 0 {
		q.network = -1
		if network, q.within = q.chain.networks.of(c); network >= 0 {
			q.network = network + 1
		}
	}
	switch {
	case q.network > 0:
		network = q.network - 1
		if own = q.chain.networks.spans[network]; own == nil {
			own = []span{} // longer prefixes of other networks cover all its addresses
		}
	case c.FromECS:
		network = -1
		p := netip.PrefixFrom(c.Addr, c.Bits)
		sent[0] = newSpan(p.Addr(), lastOf(p))
		own = sent[:]
	default:
		network = -1
	}
	if q.traced {
		q.because(q.whichNetwork(network))
	}
	return network, own
}

// whichNetwork returns the text for a trace: which network the client is in.
func (q *Question) whichNetwork(network int) string {
	switch c := &q.Client; {
	case network >= 0:
		return "the client " + c.String() + " is in the network " + q.chain.networks.Names[network]
	case c.FromECS:
		return "the client is in no network, and its subnet is " + c.String()
	default:
		return "the client " + c.String() + " is in no network"
	}
}

// within returns the addresses of a sorted list that lie in one of the spans. It copies them only if they are not adjacent in the list, and
// of a long list at most room of them, which it reduces.
func within(spans []span, addrs []target.Addr, room *int) []target.Addr {
	if short := len(addrs); short <= linearSearch {
		room = &short
	}
	from, to := 0, 0 // the adjacent addresses so far
	var copied []target.Addr
	for i := range spans {
		first, end := spans[i].find(addrs)
		switch {
		case first == end:
		case from == to:
			from, to = first, end
		case copied == nil && first == to:
			to = end
		case copied == nil && *room < to-from: // no room for a copy: only the first part
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
