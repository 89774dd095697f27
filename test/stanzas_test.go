package test

import (
	"testing"

	"github.com/miekg/dns"
)

// otherManifest claims names in two zones that are not the corner's own.
const otherManifest = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: zones, namespace: $NAMESPACE}
spec:
  rules:
  - host: web.one.$ZONE
  - host: web.two.$ZONE
status:
  loadBalancer:
    ingress:
    - ip: 192.0.2.7
`

// Two stanzas in one server block each serve their zone, with their own
// resources and TTL.
func TestTwoStanzas(t *testing.T) {
	c := newCorner(t)
	c.apply(otherManifest)
	c.apply(serviceManifest)
	s := c.serve(`
.:0 {
    bind 127.0.0.1
    errors
    k8s_gateway one.$ZONE {
        resources Ingress
        ttl 11
        kubeconfig $KUBECONFIG
    }
    k8s_gateway two.$ZONE {
        resources Service Ingress
        ttl 22
        kubeconfig $KUBECONFIG
    }
}
`)
	for zone, ttl := range map[string]uint32{"one.$ZONE": 11, "two.$ZONE": 22} {
		reply := s.await(c.expand("web."+zone), dns.TypeA, "192.0.2.7")
		if got := reply.Answer[0].Header().Ttl; got != ttl {
			t.Errorf("%s: TTL %d, want %d", c.expand(zone), got, ttl)
		}
		s.expect("tcp", c.expand("web."+zone), dns.TypeA, "192.0.2.7")
	}
	s.await(c.expand("db.$NAMESPACE.two.$ZONE"), dns.TypeA, "192.0.2.2")
	s.expect("udp", c.expand("db.$NAMESPACE.one.$ZONE"), dns.TypeA, "NXDOMAIN")
}

// Two server blocks each have their zone and their context of one kubeconfig.
func TestTwoContexts(t *testing.T) {
	c := newCorner(t)
	c.apply(otherManifest)
	s := c.serve(`
one.$ZONE:0 {
    bind 127.0.0.1
    errors
    k8s_gateway {
        kubeconfig $KUBECONFIG main
    }
}
two.$ZONE:0 {
    bind 127.0.0.1
    errors
    k8s_gateway {
        kubeconfig $KUBECONFIG second
    }
}
`)
	for _, zone := range []string{"one.$ZONE", "two.$ZONE"} {
		s.await(c.expand("web."+zone), dns.TypeA, "192.0.2.7")
		s.expect("tcp", c.expand("web."+zone), dns.TypeA, "192.0.2.7")
	}
}
