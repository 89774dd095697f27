package test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"
)

// underLoad asks all the questions from several clients at once, with and
// without DNSSEC, while the address of an Ingress and the records of a
// DNSEndpoint change. Every reply has to have an RCODE of those wanted. When it
// is over, the last address answers.
//
// What matters as well is what the race detector has to say: other plugins
// write to a reply, and must not reach what the next one is made of.
func (s *server) underLoad(c *corner, wanted []int, questions ...dns.Question) {
	s.t.Helper()
	const clients, changes = 4, 8
	stop := make(chan struct{})
	var running sync.WaitGroup
	for client := range clients {
		running.Go(func() { s.askUntil(stop, client, wanted, questions) })
	}
	address := ""
	for i := range changes {
		address = fmt.Sprintf("198.51.100.%d", i)
		c.apply(strings.ReplaceAll(ingressManifest, "192.0.2.1", address))
		c.apply(strings.ReplaceAll(dnsEndpointManifest, "192.0.2.4", address))
	}
	close(stop)
	running.Wait()
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, address)
	c.apply(ingressManifest)
	c.apply(dnsEndpointManifest)
}

func (s *server) askUntil(stop <-chan struct{}, client int, wanted []int, questions []dns.Question) {
	conn, err := dns.Dial("udp", s.Addr)
	if err != nil {
		s.t.Error(err)
		return
	}
	defer conn.Close()
	dnsClient := &dns.Client{Timeout: awaitTimeout}
	for i := client; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		q := questions[i%len(questions)]
		m := new(dns.Msg).SetQuestion(q.Name, q.Qtype)
		if i/len(questions)%2 == 0 {
			m.SetEdns0(4096, true)
		}
		reply, _, err := dnsClient.ExchangeWithConnContext(s.t.Context(), m, conn)
		if err != nil {
			s.t.Errorf("%s: %v", q.String(), err)
			return
		}
		if !slices.Contains(wanted, reply.Rcode) {
			s.t.Errorf("%s: %s", q.String(), dns.RcodeToString[reply.Rcode])
			return
		}
	}
}

// allQuestions are all types at all names of everythingManifest.
func (c *corner) allQuestions() []dns.Question {
	var list []dns.Question
	for _, name := range []string{
		"$ZONE", "ingress.$ZONE", "alias.$ZONE", "away.$ZONE", "flat.$ZONE", "dangling.$ZONE", "pending.$ZONE",
		"endpoint.$ZONE", "http.$ZONE", "db.$NAMESPACE.$ZONE", "mailed.$ZONE", "_sip._udp.$ZONE", "cname.$ZONE",
		"one.apps.$ZONE", "one.routes.$ZONE", "one.wild.$ZONE", "b.ent.$ZONE", "a.child.$ZONE", "nothing.$ZONE",
	} {
		for _, qtype := range append(slices.Clone(comparedTypes), dns.TypeANY) {
			list = append(list, dns.Question{Name: dns.Fqdn(c.expand(name)), Qtype: qtype, Qclass: dns.ClassINET})
		}
	}
	return list
}

// Alone, without any other plugin, replies are right while objects change.
func TestAlone(t *testing.T) {
	c := newCorner(t)
	c.apply(everythingManifest)
	s := c.serve(allKinds)
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")
	s.underLoad(c, []int{dns.RcodeSuccess, dns.RcodeNameError}, c.allQuestions()...)
}
