package zone

import (
	"math"
	"slices"

	"github.com/miekg/dns"
	"k8s.io/utils/third_party/forked/golang/btree"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// unionSnapshot is the copy of a union that questions read.
type unionSnapshot struct{ *btree.BTree[unionItem] }

// first returns the first item at or after a given item, if it is of the same class.
func (s unionSnapshot) first(from unionItem) (found unionItem, ok bool) {
	s.AscendGreaterOrEqual(from, func(i unionItem) bool {
		found, ok = i, i.class == from.class
		return false
	})
	return found, ok
}

// typed returns the first item of a class and a type.
func (s unionSnapshot) typed(class class, rrtype uint16) (unionItem, bool) {
	i, ok := s.first(unionItem{class: class, rrtype: rrtype})
	return i, ok && i.rrtype == rrtype
}

// addTargets adds the targets of all objects to an answer, as Answer.addTargets does for one object.
func (s unionSnapshot) addTargets(a *Answer, name string) {
	if !s.hasAddresses() {
		s.addHostnames(a, name)
		return
	}
	a.Addressed = true
	if IsAddress(a.Qtype) {
		a.addFromUnion(s, addrItem)
	}
}

// targets calls a function for each object with targets, in order, until it returns false: for those in a namespace, or for all if
// namespace is "".
func (s unionSnapshot) targets(namespace string, each func(rec *record.Record) bool) {
	s.AscendGreaterOrEqual(unionItem{class: targetItem, text: namespace}, func(i unionItem) bool {
		return i.class == targetItem && (namespace == "" || namespaceOf(i.rec) == namespace) && each(i.rec)
	})
}

// namespaces calls a function for each namespace whose objects have targets, in order, until it returns false.
func (s unionSnapshot) namespaces(each func(namespace string) bool) {
	s.AscendGreaterOrEqual(unionItem{class: namespaceItem}, func(i unionItem) bool { return i.class == namespaceItem && each(i.text) })
}

func (s unionSnapshot) hasAddresses() bool {
	if _, ok := s.first(unionItem{class: addrItem}); ok {
		return true
	}
	i, ok := s.first(unionItem{class: longItem})
	return ok && IsAddress(i.rrtype) || s.has(longItem, dns.TypeAAAA)
}

func (s unionSnapshot) has(class class, rrtype uint16) bool {
	_, ok := s.typed(class, rrtype)
	return ok
}

// addFromUnion adds the addresses or records of the answer's type, as many as a reply has room for.
func (a *Answer) addFromUnion(s unionSnapshot, class class) {
	ttl, ok := s.typed(ttlItem, a.Qtype)
	if !ok {
		return
	}
	var addrs []target.Addr
	var rrs []dns.RR
	room := record.MaxOctets
	s.AscendGreaterOrEqual(unionItem{class: class, rrtype: a.Qtype}, func(i unionItem) bool {
		if i.class != class || i.rrtype != a.Qtype {
			return false
		}
		if class == addrItem {
			room -= record.AddressOctets(a.Qtype)
		} else {
			room -= record.Octets(i.rr)
		}
		if room < 0 || len(addrs)+len(rrs) == record.MaxRecords {
			return false
		}
		if class == addrItem {
			addrs = append(addrs, i.addr)
		} else {
			rrs = append(rrs, i.rr)
		}
		return true
	})
	a.Add(nil, ttl.ttl, addrs, rrs)
	room = record.MaxLongLists
	s.AscendGreaterOrEqual(unionItem{class: longItem, rrtype: a.Qtype}, func(i unionItem) bool {
		if i.class != longItem || i.rrtype != a.Qtype {
			return false
		}
		list := i.longList()
		a.Add(i.rec, ttl.ttl, list.addrs, list.rrs)
		room -= list.length()
		return room > 0
	})
}

// addHostnames adds the hostnames of all objects, as Answer.addAliases does for one object. It adds at most one more than the
// record.MaxHostnames that are followed.
func (s unionSnapshot) addHostnames(a *Answer, name string) {
	var hosts []string
	s.AscendGreaterOrEqual(unionItem{class: hostItem}, func(i unionItem) bool {
		if i.class == hostItem && i.text != name {
			hosts = append(hosts, i.text)
		}
		return i.class == hostItem && len(hosts) <= record.MaxHostnames
	})
	if len(hosts) > 0 {
		ttl, tried := uint32(math.MaxUint32), 0
		s.AscendGreaterOrEqual(unionItem{class: hostTTLItem}, func(i unionItem) bool {
			if i.class != hostTTLItem {
				return false
			}
			ttl = i.ttl
			tried++
			return i.text == name && tried < record.MaxHostnames // skips the name itself (C5); of very many such objects, the TTL may be too low
		})
		if len(a.Hosts) == 0 || ttl < a.HostTTL {
			a.HostTTL = ttl
		}
		a.Hosts = unite(a.Hosts, hosts)
	}
	i, ok := s.first(unionItem{class: cnameItem})
	if ok && i.text == name {
		i, ok = s.first(unionItem{class: cnameItem, text: name + "\x00"})
	}
	if ok && (a.CNAME == "" || i.text < a.CNAME || i.text == a.CNAME && i.ttl < a.CnameTTL) {
		a.CNAME, a.CnameTTL = i.text, i.ttl
	}
}

// others adds the records of an answer's type.
func (s unionSnapshot) others(a *Answer) {
	a.addFromUnion(s, rrItem)
	if _, ok := s.first(unionItem{class: portsItem}); ok && a.Qtype == dns.TypeSRV {
		a.ServiceSRV = true
	}
}

// hasOthers reports whether there are records of any type that is not an address.
func (s unionSnapshot) hasOthers() bool {
	if _, ok := s.first(unionItem{class: rrItem}); ok {
		return true
	}
	return slices.ContainsFunc(OtherTypes, func(rrtype uint16) bool { return s.has(longItem, rrtype) })
}
