package test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// Without CRDs the kinds that are built in answer. A CRD that is installed later
// is picked up, one that is deleted takes its names along, and both touch
// nothing else (R2).
func TestCRDsComeAndGo(t *testing.T) {
	c := newCorner(t)
	own := newCluster(t, []string{})
	c.applyTo(own, ingressManifest)
	said := newLogged(t)
	s := c.serve(strings.ReplaceAll(versionedServer, "$OWN", own.Kubeconfig()))
	ingress, http, tls := c.expand("ingress.$ZONE"), c.expand("http.$ZONE"), c.expand("tls.$ZONE")
	s.await(ingress, dns.TypeA, "192.0.2.1")
	s.await(http, dns.TypeA, "NXDOMAIN")
	for _, kind := range []string{"Gateway", "HTTPRoute", "TLSRoute", "TCPRoute", "UDPRoute"} {
		if lines := said.lines("WARNING", " "+kind+":"); len(lines) != 1 {
			t.Errorf("%s: %d warnings: %q", kind, len(lines), lines)
		}
	}

	st := s.stream(answers{"ingress.$ZONE": "192.0.2.1", "other.$ZONE": "NXDOMAIN"})
	install := func(resources ...string) {
		t.Helper()
		for _, resource := range resources {
			if err := own.Apply(t.Context(), []byte(crd(t, resource))); err != nil {
				t.Fatal(err)
			}
		}
	}
	install("gateways", "httproutes", "tlsroutes")
	c.applyTo(own, gatewayManifest)
	c.applyTo(own, httpRouteManifest)
	c.applyTo(own, tlsRouteManifest)
	took := s.awaitWithin(pickup, http, dns.TypeA, "192.0.2.3")
	t.Logf("installed: HTTPRoute shown after %s", took)
	took += s.awaitWithin(pickup, tls, dns.TypeA, "192.0.2.3")
	t.Logf("installed: TLSRoute shown after %s", took)

	if err := own.Delete(t.Context(), []byte(crd(t, "httproutes"))); err != nil {
		t.Fatal(err)
	}
	t.Logf("deleted: gone after %s", s.awaitWithin(pickup, http, dns.TypeA, "NXDOMAIN"))
	s.expect("udp", ingress, dns.TypeA, "192.0.2.1")
	s.expect("udp", tls, dns.TypeA, "192.0.2.3")

	install("httproutes")
	c.applyTo(own, httpRouteManifest)
	t.Logf("installed again: shown after %s", s.awaitWithin(pickup, http, dns.TypeA, "192.0.2.3"))
	s.expect("udp", tls, dns.TypeA, "192.0.2.3")
	st.end()
}

// A CRD that is deleted while the API server cannot be reached is found absent
// afterwards, and its names go as well (R2). Until then they stay (R3).
func TestCRDDeletedMeanwhile(t *testing.T) {
	c := newCorner(t)
	own := newCluster(t, []string{writeCRD(t, crd(t, "gateways")), writeCRD(t, crd(t, "httproutes"))})
	c.applyTo(own, ingressManifest)
	c.applyTo(own, gatewayManifest)
	c.applyTo(own, httpRouteManifest)
	p := newProxy(t, own)
	s := c.serve(strings.NewReplacer("$OWN", p.kubeconfig(t, own.Config().BearerToken), " TLSRoute TCPRoute UDPRoute", "").Replace(versionedServer))
	s.await(c.expand("http.$ZONE"), dns.TypeA, "192.0.2.3")

	st := s.stream(answers{"ingress.$ZONE": "192.0.2.1", "http.$ZONE": "192.0.2.3"})

	p.cut()
	if err := own.Delete(t.Context(), []byte(crd(t, "httproutes"))); err != nil {
		t.Fatal(err)
	}
	st.lap()
	st.change("http.$ZONE", "NXDOMAIN")
	p.mend()
	t.Logf("gone after %s", st.awaitChanges(pickup))
	st.end()
}
