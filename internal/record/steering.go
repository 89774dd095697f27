package record

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"sync"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
)

// Steering is what the filters of `steer` know of a target besides its addresses. It is made when the object changes. It is nil if
// the stanza has no `steer`, or if nothing differs from the defaults: weight 1, priority 0, ready, any client. Targets that differ
// only in their readiness share the Steering of their backend Services (internal/health), because there may be tens of thousands.
type Steering struct {
	Readiness *Readiness // T2: of the backends; nil if it cannot be known, and the target counts as ready
	*Stated              // never nil; NothingStated stands for the defaults
}

// Stated is what an object says about its targets for the filters. It is immutable.
type Stated struct {
	ID       string         // T1: the setIdentifier of a DNSEndpoint's endpoint, which makes it a target of its own; empty for none
	Weight   uint16         // T6
	Priority int32          // T5: lower first
	Networks []int          // T3: the clients of the target, as indexes of the stanza's networks
	Clients  []netip.Prefix // T3: the clients of the target, as prefixes; if both lists are empty, the target's addresses decide
	Place    *place.Place   // T4: the location of the target; nil for that of its cluster
}

// NothingStated is the Stated of an object that says nothing for the filters. It must not be written to.
var NothingStated = &Stated{Weight: 1}

// interned holds one Steering for each distinct Stated, so that objects that state the same share it: tens of thousands of
// objects may, and what they share stays in the processor's cache. Two stanzas that share a value notice nothing, because it is
// immutable.
var interned = struct {
	sync.Mutex
	byKey map[string]*Steering
}{byKey: map[string]*Steering{}}

// maxInterned is how many values interned holds. It is cleared when it is full; objects that are read later share new values.
const maxInterned = 1024

// InternStated returns the Stated that all objects with this content share. It returns NothingStated for the defaults.
func InternStated(st Stated) *Stated {
	if st.same(NothingStated) {
		return NothingStated
	}
	return intern(&st).Stated
}

// NewSteering returns the Steering of a target whose backends are not known. It is nil for the defaults.
func NewSteering(stated *Stated) *Steering {
	if stated == nil || stated.same(NothingStated) {
		return nil
	}
	return intern(stated)
}

// intern returns the Steering that all objects share that state the same. One with a setIdentifier is not interned, because
// setIdentifiers differ.
func intern(stated *Stated) *Steering {
	s := &Steering{Stated: stated}
	if stated.ID != "" {
		return s
	}
	key := s.key()
	interned.Lock()
	defer interned.Unlock()
	if found := interned.byKey[key]; found != nil {
		return found
	}
	if len(interned.byKey) == maxInterned {
		clear(interned.byKey)
	}
	interned.byKey[key] = s
	return s
}

// With returns the Steering of a target whose backends are those of s, or are not known if s is nil, and whose object states
// stated.
func (s *Steering) With(stated *Stated) *Steering {
	switch {
	case stated == nil || stated == NothingStated:
		return s
	case s == nil:
		return intern(stated)
	}
	return &Steering{Readiness: s.Readiness, Stated: stated}
}

// StatedOf returns what the object says for the filters: that of the Steering, or NothingStated if there is none.
func (d *Data) StatedOf() *Stated {
	if d.Steering == nil {
		return NothingStated
	}
	return d.Steering.Stated
}

// ForClients reports whether the target is for some clients only.
func (s *Stated) ForClients() bool { return len(s.Networks)+len(s.Clients) > 0 }

// id returns the setIdentifier of an endpoint, which distinguishes the entries of one name.
func (d *Data) id() string { return d.StatedOf().ID }

// key returns a text that only an equal Steering has. It is binary: an object may state 64 prefixes, and be asked for its key thousands
// of times, so formatting would take a second (N7).
func (s *Steering) key() string {
	if s == nil {
		return ""
	}
	backends := uint64(0)
	if s.Readiness != nil {
		backends = s.Readiness.ID
	}
	k := make([]byte, 0, 32+len(s.ID)+len(s.Networks)+18*len(s.Clients))
	k = binary.BigEndian.AppendUint64(k, backends)
	k = binary.BigEndian.AppendUint16(k, s.Weight)
	k = binary.BigEndian.AppendUint32(k, uint32(s.Priority))
	k = append(binary.AppendUvarint(k, uint64(len(s.ID))), s.ID...)
	k = binary.AppendUvarint(k, uint64(len(s.Networks)))
	for _, n := range s.Networks {
		k = binary.AppendUvarint(k, uint64(n))
	}
	k = binary.AppendUvarint(k, uint64(len(s.Clients)))
	for _, p := range s.Clients {
		addr := p.Addr().As16()
		k = append(append(k, addr[:]...), byte(p.Addr().BitLen()), byte(p.Bits()))
	}
	if s.Place != nil {
		k = append(k, s.Place.String()...)
	}
	return string(k)
}

// Compare orders values by their keys.
func (s *Steering) Compare(t *Steering) int {
	if s == t {
		return 0
	}
	return cmp.Compare(s.key(), t.key())
}
