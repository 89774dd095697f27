package record

import (
	"net/netip"
	"reflect"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
)

// R6: objects that state the same share one Stated and one Steering, except with a setIdentifier. The number of values is limited.
func TestInternStated(t *testing.T) {
	at := func(country string) *Stated {
		return InternStated(Stated{Weight: 1, Place: &place.Place{Country: country}})
	}
	de := at("DE")
	if de != at("DE") || NewSteering(de) != NewSteering(at("DE")) || de.Place.Country != "DE" {
		t.Error("what two objects state is not shared")
	}
	if fr := at("FR"); fr == de || NewSteering(fr) == NewSteering(de) || fr.Place.Country != "FR" {
		t.Error("what differs is shared")
	}
	if InternStated(Stated{Weight: 1}) != NothingStated || NewSteering(NothingStated) != nil || NewSteering(nil) != nil {
		t.Error("an object that states nothing has a Steering")
	}
	if one, other := InternStated(Stated{ID: "a", Weight: 1}), InternStated(Stated{ID: "a", Weight: 1}); one == other {
		t.Error("a value with a setIdentifier is interned")
	}
	for i := range 3 * maxInterned {
		if st := InternStated(Stated{Priority: int32(i)}); st.Priority != int32(i) {
			t.Fatalf("the priority is %d, want %d", st.Priority, i)
		}
	}
	if len(interned.byKey) > maxInterned {
		t.Errorf("%d values are interned, want %d at most", len(interned.byKey), maxInterned)
	}
}

// T1: each field of a Steering is part of its key, and no two of them make the key of others.
func TestKeyOfSteering(t *testing.T) {
	seen := map[string]*Steering{}
	add := func(s *Steering) {
		if other := seen[s.key()]; other != nil {
			t.Errorf("%+v and %+v have one key", other.Stated, s.Stated)
		}
		seen[s.key()] = s
	}
	add(aData().Steering)
	add(&Steering{Stated: aData().Steering.Stated})
	for i := range reflect.TypeFor[Stated]().NumField() {
		s := aData().Steering
		reflect.ValueOf(s.Stated).Elem().Field(i).SetZero()
		add(s)
	}
	prefix := func(s string) []netip.Prefix { return []netip.Prefix{netip.MustParsePrefix(s)} }
	for _, st := range []*Stated{NothingStated, {Networks: []int{1}}, {Networks: []int{1, 1}}, {Networks: []int{257}}, {ID: "\x01\x01"}, {Clients: prefix("0.0.0.0/0")},
		{Clients: prefix("0.0.0.0/1")}, {Clients: prefix("::/0")}, {Clients: prefix("::ffff:0:0/96")}, {Clients: append(prefix("::/0"), prefix("0.0.0.0/0")...)}} {
		add(&Steering{Stated: st})
	}
}
