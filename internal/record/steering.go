package record

import (
	"cmp"
	"fmt"
	"net/netip"
	"reflect"
	"sync"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
)

// Steering is what the filters of `steer` know of a target besides its addresses. It is worked out when the object changes, and
// nil where the stanza has no `steer`, or where nothing differs from the defaults: weight 1, priority 0, ready, any client.
// A target of which only its readiness is known has the Steering that the backend Service's readiness comes with (internal/health):
// tens of thousands of Ingresses then have none of their own.
type Steering struct {
	Readiness *Readiness // T2: nil for what is ready as far as can be known
	*Stated              // never nil; NothingStated stands for the defaults
}

// Stated is what an object says of its targets for the filters. It is not written to once it is made.
type Stated struct {
	ID       string         // of an endpoint of a DNSEndpoint: its setIdentifier, by which it is a target of its own (T1); empty for none
	Weight   uint16         // T6
	Priority int32          // T5: lower first
	Networks []int          // T3: for whom the target is, as places in the list of the stanza's networks;
	Clients  []netip.Prefix // and as prefixes. The addresses of the target decide where both are empty
	Place    *place.Place   // T4: where the target is; nil where its cluster says so
}

// NothingStated is the Stated of an object that says nothing. It must not be written to.
var NothingStated = &Stated{Weight: 1}

// interned is what objects state, by its text. Tens of thousands of objects may state the same: what they share is in the processor's cache
// when a question needs it.
var interned = struct {
	sync.Mutex
	of map[string]*Steering
}{of: map[string]*Steering{}}

// maxInterned is how many values are kept. Then they are forgotten, and later objects share new ones.
const maxInterned = 1024

// InternStated returns a Stated with some content, the same for all objects that state it, and NothingStated for the defaults.
func InternStated(st Stated) *Stated {
	if reflect.DeepEqual(&st, NothingStated) {
		return NothingStated
	}
	return intern(&st).Stated
}

// NewSteering returns the Steering of a target whose backends are not known.
func NewSteering(stated *Stated) *Steering {
	if stated == nil || stated == NothingStated {
		return nil
	}
	return intern(stated)
}

// intern returns a Steering that states the same. A setIdentifier is nobody else's.
func intern(stated *Stated) *Steering {
	s := &Steering{Stated: stated}
	if stated.ID != "" {
		return s
	}
	text := s.Text()
	interned.Lock()
	defer interned.Unlock()
	if known := interned.of[text]; known != nil {
		return known
	}
	if len(interned.of) == maxInterned {
		clear(interned.of)
	}
	interned.of[text] = s
	return s
}

// With returns the Steering of a target with the backends of s, nil being none that are known, whose object states something.
func (s *Steering) With(stated *Stated) *Steering {
	switch {
	case stated == nil || stated == NothingStated:
		return s
	case s == nil:
		return intern(stated)
	}
	return &Steering{Readiness: s.Readiness, Stated: stated}
}

// StatedOf returns what the object of a target says, whether or not there is a Steering.
func (d *Data) StatedOf() *Stated {
	if d.Steering == nil {
		return NothingStated
	}
	return d.Steering.Stated
}

// ForClients reports whether the target is for some clients only.
func (s *Stated) ForClients() bool { return len(s.Networks)+len(s.Clients) > 0 }

// id returns the setIdentifier of an endpoint, by which the entries of one name are told apart.
func (d *Data) id() string { return d.StatedOf().ID }

// Text tells a Steering from others.
func (s *Steering) Text() string {
	if s == nil {
		return ""
	}
	backends, at := uint64(0), ""
	if s.Readiness != nil {
		backends = s.Readiness.ID
	}
	if s.Place != nil {
		at = s.Place.String()
	}
	return fmt.Sprintf("%x %q %d %d %v %v %s", backends, s.ID, s.Weight, s.Priority, s.Networks, s.Clients, at)
}

// Compare orders values by what they say.
func (s *Steering) Compare(t *Steering) int {
	if s == t {
		return 0
	}
	return cmp.Compare(s.Text(), t.Text())
}
