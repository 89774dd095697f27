package record

import (
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
	if len(interned.byText) > maxInterned {
		t.Errorf("%d values are interned, want %d at most", len(interned.byText), maxInterned)
	}
}
