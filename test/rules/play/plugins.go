package play

import (
	"context"
	"sync"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	_ "github.com/coredns/coredns/plugin/cache" // for the Corefiles of scenarios
	_ "github.com/coredns/coredns/plugin/hosts"
	_ "github.com/coredns/coredns/plugin/metadata"
	_ "github.com/coredns/coredns/plugin/transfer"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/testserver"
)

const (
	nextPlugin    = "next_plugin"
	outsidePlugin = "outside"

	// rcodeNext is the response code of the next plugin. Nobody else uses it.
	rcodeNext = dns.RcodeNotAuth
)

func init() {
	testserver.Register(outsidePlugin, setup(func(_ context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
		m := outside.reply(r)
		return m.Rcode, w.WriteMsg(m)
	}))
	testserver.Register(nextPlugin, setup(func(_ context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
		m := new(dns.Msg).SetRcode(r, rcodeNext)
		return rcodeNext, w.WriteMsg(m)
	}))
}

// setup returns the setup of a plugin that has no arguments.
func setup(serve plugin.HandlerFunc) func(c *caddy.Controller) error {
	return func(c *caddy.Controller) error {
		dnsserver.GetConfig(c).AddPlugin(func(plugin.Handler) plugin.Handler { return serve })
		return nil
	}
}

// outside is what the rest of the DNS says, in the scenario that is played.
var outside restOfDNS

// restOfDNS answers from a list of records. Names that are not in it do not exist.
type restOfDNS struct {
	mu      sync.Mutex
	records []dns.RR
	fails   bool
}

// set reads records from lines of text. The line SERVFAIL stands for servers that do not answer.
func (o *restOfDNS) set(lines []string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.records, o.fails = nil, false
	for _, line := range lines {
		if line == "SERVFAIL" {
			o.fails = true
			continue
		}
		rr, err := dns.NewRR(line)
		if err != nil {
			return err
		}
		o.records = append(o.records, rr)
	}
	return nil
}

func (o *restOfDNS) reply(r *dns.Msg) *dns.Msg {
	o.mu.Lock()
	defer o.mu.Unlock()
	m := new(dns.Msg).SetReply(r)
	if o.fails {
		m.Rcode = dns.RcodeServerFailure
		return m
	}
	qtype := r.Question[0].Qtype
	name := fixture.AnswerFrom(o.records, m, r.Question[0].Name, qtype)
	if n := len(m.Answer); n == 0 || m.Answer[n-1].Header().Rrtype != qtype {
		m.Ns = o.soa(name)
	}
	return m
}

// soa returns the SOA of the zone that a name lies in, if there is one among the records.
func (o *restOfDNS) soa(name string) (ns []dns.RR) {
	labels := -1
	for _, rr := range o.records {
		if n := dns.CountLabel(rr.Header().Name); rr.Header().Rrtype == dns.TypeSOA && dns.IsSubDomain(rr.Header().Name, name) && n > labels {
			ns, labels = []dns.RR{rr}, n
		}
	}
	return ns
}
