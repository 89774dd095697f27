package test

import (
	"testing"

	"github.com/miekg/dns"
)

// Two views of one zone have their own kinds and their own answers: who asks
// over TCP sees Services, everyone else Ingresses.
func TestViews(t *testing.T) {
	c := newCorner(t)
	c.apply(everythingManifest)
	s := c.serve(`
$ZONE:0 {
    bind 127.0.0.1
    errors
    view tcp {
        expr proto() == 'tcp'
    }
    k8s_gateway {
        resources Service
        kubeconfig $KUBECONFIG
    }
}
$ZONE:0 {
    bind 127.0.0.1
    errors
    k8s_gateway {
        resources Ingress DNSEndpoint
        kubeconfig $KUBECONFIG
    }
}
`)
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")
	s.expect("tcp", c.expand("ingress.$ZONE"), dns.TypeA, "NXDOMAIN")
	s.expect("tcp", c.expand("db.$NAMESPACE.$ZONE"), dns.TypeA, "192.0.2.2")
	s.await(c.expand("db.$NAMESPACE.$ZONE"), dns.TypeA, "NXDOMAIN")
	s.underLoad(c, []int{dns.RcodeSuccess, dns.RcodeNameError}, c.allQuestions()...)
	s.expect("tcp", c.expand("ingress.$ZONE"), dns.TypeA, "NXDOMAIN")
}
