package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// zone is the zone of the examples.
const zone = "example.com"

// How long and how often an answer is waited for.
const (
	answerTimeout  = 15 * time.Second
	answerInterval = 5 * time.Millisecond
)

// errNotShown is that a name does not get an answer in time.
var errNotShown = errors.New("no answer")

// question is one line of the table: what to ask, what the examples have for
// an answer, and where it comes from.
type question struct {
	name   string
	qtype  uint16
	want   string // as dig.Short puts it
	object string
}

var questions = []question{
	{"shop.example.com", dns.TypeA, "192.0.2.10", "Ingress default/shop"},
	{"shop.example.com", dns.TypeAAAA, "2001:db8::10", "Ingress default/shop"},
	{"postgres.default.example.com", dns.TypeA, "192.0.2.20", "Service default/postgres"},
	{"postgres.default.example.com", dns.TypeAAAA, "2001:db8::20", "Service default/postgres"},
	{"mail.example.com", dns.TypeA, "192.0.2.25", "Service default/postfix (annotation)"},
	{"www.example.com", dns.TypeA, "192.0.2.30", "HTTPRoute default/www, Gateway default/public"},
	{"www.example.com", dns.TypeAAAA, "2001:db8::30", "HTTPRoute default/www, Gateway default/public"},
	{"vault.example.com", dns.TypeA, "192.0.2.30", "TLSRoute default/vault, Gateway default/public"},
	{"vault.example.com", dns.TypeAAAA, "2001:db8::30", "TLSRoute default/vault, Gateway default/public"},
	{"grpc.example.com", dns.TypeA, "192.0.2.30", "GRPCRoute default/orders, Gateway default/public"},
	{"grpc.example.com", dns.TypeAAAA, "2001:db8::30", "GRPCRoute default/orders, Gateway default/public"},
	{"printer.example.com", dns.TypeA, "198.51.100.40 198.51.100.41", "DNSEndpoint default/office"},
	{"printer.example.com", dns.TypeAAAA, "2001:db8::40", "DNSEndpoint default/office"},
	{"printer.example.com", dns.TypeTXT, `"location=second floor"`, "DNSEndpoint default/office"},
	{"worker-1.example.com", dns.TypeA, "203.0.113.11", "Node worker-1"},
	{"worker-1.example.com", dns.TypeAAAA, "2001:db8::11", "Node worker-1"},
	{"example.com", dns.TypeNS, "dns1.kube-system.example.com.", "Service kube-system/dns1, the nameserver"},
	{"dns1.kube-system.example.com", dns.TypeA, "192.0.2.53", "Service kube-system/dns1"},
	{"nothing.example.com", dns.TypeA, "NXDOMAIN", "no object"},
}

// askAll asks every question once and prints a table of the answers. A wrong
// one is an error.
func askAll(ctx context.Context, w io.Writer, addr string) error {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprint(table, "\nquestion\t\tanswer\tfrom\n")
	wrong := 0
	for _, q := range questions {
		got, err := ask(ctx, addr, q.name, q.qtype)
		if err != nil {
			return err
		}
		from := q.object
		if got != q.want {
			wrong++
			from += ", WRONG: want " + q.want
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", q.name, dns.TypeToString[q.qtype], got, from)
	}
	fmt.Fprintln(table)
	if err := table.Flush(); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d answers are wrong", wrong, len(questions))
	}
	fmt.Fprintf(w, "all %d answers are right\n", len(questions))
	return nil
}

// awaitAddress waits until name has the IPv4 addresses wanted, as dig.Short puts them.
func awaitAddress(ctx context.Context, addr, name, want string) error {
	timeout := time.NewTimer(answerTimeout)
	defer timeout.Stop()
	ticker := time.NewTicker(answerInterval)
	defer ticker.Stop()
	for {
		got, err := ask(ctx, addr, name, dns.TypeA)
		switch {
		case got == want:
			return nil
		case err == nil:
			err = fmt.Errorf("%s has %s, want %s", name, got, want)
		}
		select {
		case <-ticker.C:
		case <-timeout.C:
			return fmt.Errorf("%w within %s: %w", errNotShown, answerTimeout, err)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// ask asks one question over UDP and returns the answer as dig.Short puts it.
func ask(ctx context.Context, addr, name string, qtype uint16) (string, error) {
	reply, err := dig.Ask(ctx, "udp", addr, name, qtype)
	if err != nil {
		return "", err
	}
	return dig.Short(reply), nil
}
