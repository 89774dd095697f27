// Package dig asks a DNS server a question and shortens the reply to a line,
// as tests and the demo need it.
package dig

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// timeout bounds one question; the servers asked are on this machine.
const timeout = 2 * time.Second

// Ask sends one question to the server at addr over network, "udp" or "tcp".
// The name need not end in a dot.
func Ask(ctx context.Context, network, addr, name string, qtype uint16) (*dns.Msg, error) {
	m := new(dns.Msg)
	m.SetQuestion(dns.Fqdn(name), qtype)
	client := &dns.Client{Net: network, Timeout: timeout}
	reply, _, err := client.ExchangeContext(ctx, m, addr)
	return reply, err
}

// Short says what a reply says: the data of its answers in order, else NODATA
// or the name of its RCODE. Two replies with the same answers in another order
// give the same line.
func Short(m *dns.Msg) string {
	switch {
	case m.Rcode != dns.RcodeSuccess:
		return dns.RcodeToString[m.Rcode]
	case len(m.Answer) == 0:
		return "NODATA"
	}
	data := make([]string, len(m.Answer))
	for i, rr := range m.Answer {
		data[i] = strings.TrimPrefix(rr.String(), rr.Header().String())
	}
	slices.Sort(data)
	return strings.Join(data, " ")
}
