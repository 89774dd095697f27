package test

import (
	"testing"
	"time"

	"github.com/miekg/dns"
)

// impediment is a way in which an API server may not answer, and what ends it.
type impediment struct{ begin, end func(*proxy) }

var impediments = map[string]impediment{
	"refusing":     {(*proxy).cut, (*proxy).mend},
	"silent":       {(*proxy).silence, (*proxy).mend},
	"hanging":      {all(never), (*proxy).heal},
	"late":         {all(late(1500 * time.Millisecond)), func(*proxy) {}},
	"failing":      {all(broken), (*proxy).heal},
	"unavailable":  {all(unavailable), (*proxy).heal},
	"throttling":   {all(tooMany), (*proxy).heal},
	"unauthorized": {all(unauthorized), (*proxy).heal},
}

func all(what effect) func(*proxy) { return func(p *proxy) { p.trouble(everything, what) } }

// CoreDNS starts whatever its API server does, and does not say that a name does
// not exist before it knows; it is not ready, either. When the API server answers,
// all is well by itself (R1, R4, Z2). The log says so once each, and no secret.
func TestStartImpeded(t *testing.T) {
	for how, impediment := range impediments {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			c := newCorner(t)
			c.applyResilient()
			p := newProxy(t, cluster)
			impediment.begin(p)
			said, token := newLogged(t), cluster.Config().BearerToken
			kubeconfig := p.kubeconfig(t, token)
			s := c.serve(via(kubeconfig))
			s.expect("udp", c.zone, dns.TypeNS, c.expand("ns1.$ZONE."))
			for _, network := range []string{"udp", "tcp"} {
				s.expect(network, c.expand("ingress.$ZONE"), dns.TypeA, "SERVFAIL")
				s.expect(network, c.expand("nothing.$ZONE"), dns.TypeTXT, "SERVFAIL")
			}
			if s.ready() {
				t.Error("ready before anything is known")
			}

			impediment.end(p)
			t.Logf("all is well after %s", s.awaitWithin(recovery, c.expand("nothing.$ZONE"), dns.TypeA, "NXDOMAIN"))
			for name, want := range resilientAnswers {
				s.await(c.expand(name), dns.TypeA, want)
			}
			s.awaitReady(awaitTimeout)
			said.once(t, "WARNING", kubeconfig, "starting without")
			until(t, awaitTimeout, "said to be well", func() bool { return len(said.lines("INFO", kubeconfig)) > 0 })
			said.noneTwice(t, kubeconfig)
			said.never(t, []string{token})
		})
	}
}
