package test

import (
	"testing"

	"github.com/miekg/dns"
)

// Credentials that are refused, and a server that is not who the kubeconfig says,
// when CoreDNS starts: once what is on disk is right, all is well without a
// restart (R1). The log says what is wrong, and no secret.
func TestStartWithBadCredentials(t *testing.T) {
	for what, newCredential := range credentials {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			c := newCorner(t)
			c.applyResilient()
			cred := newCredential(c, true)
			said := newLogged(t)
			s := c.serve(via(cred.kubeconfig))
			s.expect("udp", c.expand("ingress.$ZONE"), dns.TypeA, "SERVFAIL")
			s.expect("udp", c.expand("nothing.$ZONE"), dns.TypeA, "SERVFAIL")
			if s.ready() {
				t.Error("ready before anything is known")
			}

			cred.renew()
			t.Logf("all is well after %s", s.awaitWithin(recovery, c.expand("nothing.$ZONE"), dns.TypeA, "NXDOMAIN"))
			for name, want := range resilientAnswers {
				s.await(c.expand(name), dns.TypeA, want)
			}
			s.awaitResilient(awaitTimeout)
			until(t, awaitTimeout, "said to be well", func() bool { return len(said.lines("INFO", cred.kubeconfig)) > 0 })
			said.once(t, "WARNING", cred.kubeconfig, "do not accept each other")
			said.noneTwice(t, cred.kubeconfig)
			said.never(t, cred.secrets)
		})
	}
}

// Credentials that are over while CoreDNS runs cost no answer. They are read again
// from disk when they have been renewed there, and what changed meanwhile shows (R3).
func TestCredentialsRotate(t *testing.T) {
	for what, newCredential := range credentials {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			c := newCorner(t)
			c.applyResilient()
			cred := newCredential(c, false)
			said := newLogged(t)
			s := c.serve(via(cred.kubeconfig))
			s.awaitResilient(awaitTimeout)
			st := s.stream(resilientAnswers)
			cred.spoil()
			until(t, retry, "said", func() bool { return len(said.lines("WARNING", cred.kubeconfig)) > 0 })
			st.change("ingress.$ZONE", "198.51.100.1")
			c.apply(moved(ingressManifest))
			cred.renew()
			t.Logf("all is well after %s", st.awaitChanges(recovery))
			st.end()
			until(t, awaitTimeout, "said to be well", func() bool { return len(said.lines("INFO", cred.kubeconfig)) > 0 })
			said.once(t, "WARNING", cred.kubeconfig, "do not accept each other")
			said.noneTwice(t, cred.kubeconfig)
			said.never(t, cred.secrets)
		})
	}
}
