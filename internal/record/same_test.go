package record

import (
	"net/netip"
	"reflect"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// aData is data with a value in each field.
func aData() *Data {
	return &Data{
		TTL:     1,
		Targets: Targets{Addrs: someAddrs(20), Hosts: []string{"a."}},
		Extra: &Extra{EndpointType: 1, CNAME: "c.", RRs: []dns.RR{&dns.TXT{Txt: []string{"a"}}}, ServiceSRV: true, Gateway: store.Key{Name: "g"}, Route: store.Key{Name: "r"},
			Own: NewOwnTargets(&Targets{Hosts: []string{"o."}}), HasTarget: true},
		Steering: &Steering{&Readiness{ID: 1}, &Stated{ID: "i", Weight: 1, Priority: 1, Networks: []int{1}, Clients: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
			Place: &place.Place{Country: "DE", Point: &place.Point{Latitude: 1}}}},
	}
}

func someAddrs(n int) []target.Addr {
	list := make([]target.Addr, n)
	for i := range list {
		list[i][14], list[i][15] = byte(i>>8), byte(i)
	}
	return list
}

// N7: every field counts when data is compared, except for whether the backends are ready.
func TestComparisonSeesEachField(t *testing.T) {
	var c Comparison
	for one, other, n := aData(), aData(), 0; n < 2; n++ { // the second time it is remembered
		if !c.Same(one, other) {
			t.Error("the same data is not equal")
		}
	}
	if a, b := aData(), aData(); true {
		b.Steering.Readiness.Set(Unready)
		if !c.Same(a, b) {
			t.Error("data whose backends became unready is not equal")
		}
	}
	for _, of := range []func(d *Data) any{
		func(d *Data) any { return d }, func(d *Data) any { return &d.Targets }, func(d *Data) any { return d.Extra },
		func(d *Data) any { return d.Steering }, func(d *Data) any { return d.Steering.Stated },
	} {
		for i := range reflect.TypeOf(of(aData())).Elem().NumField() {
			a, b := aData(), aData()
			field := reflect.ValueOf(of(b)).Elem().Field(i)
			if field.Type() == reflect.TypeFor[*Extra]() {
				field.Set(reflect.ValueOf(NoExtra))
			} else if field.Type() == reflect.TypeFor[*Stated]() {
				field.Set(reflect.ValueOf(NothingStated))
			} else {
				field.SetZero()
			}
			if c.Same(a, b) || c.Same(b, a) {
				t.Errorf("data without the field %s of %T is equal to data with it", reflect.TypeOf(of(b)).Elem().Field(i).Name, of(b))
			}
		}
	}
	a, b := aData(), aData()
	b.Addrs[19][0] = 1
	if c.Same(a, b) {
		t.Error("data with another address is equal")
	}
}

// N7: names of one object that share a long list of addresses, but not their backends, cost one comparison of the list.
func TestComparisonOfSharedLists(t *testing.T) {
	var c Comparison
	before, after := someAddrs(4000), someAddrs(4000)
	for range 1000 {
		if !c.Same(&Data{Targets: Targets{Addrs: before}, Extra: NoExtra}, &Data{Targets: Targets{Addrs: after}, Extra: NoExtra}) {
			t.Fatal("the same data is not equal")
		}
	}
	if c.addrs.compared != 1 {
		t.Errorf("a list that 1,000 names share was compared %d times", c.addrs.compared)
	}
}
