package gateway

import "testing"

// The status page forgets an object that does not count once a list is without it, as one made after the watch was cut.
func TestLeftOutForgotten(t *testing.T) {
	ignored := anObject("Ingress", "shop/web", "labels: {k8s-gateway.dns/ignore: \"true\"}", "spec: {rules: [{host: web.example.com}]}")
	f := newFixture(t, "resources Ingress\nstatus :0\napex ns1 192.0.2.53", ignored)
	i := f.informers()[0]
	if n := len(i.Left.List()); n != 1 {
		t.Fatalf("%d left out", n)
	}
	relist(t, i)
	if n := len(i.Left.List()); n != 0 {
		t.Errorf("%d left out after the list", n)
	}
}
