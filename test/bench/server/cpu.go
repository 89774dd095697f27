package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/test/bench/figures"
)

// asked is how many of the names are asked for in turn.
const asked = 10_000

// cpu measures what a question costs a server in processor time, beside hosts with the same names and whoami.
func (b *bench) cpu(ctx context.Context) (err error) {
	ours, err := b.serveIngresses(ctx, b.cluster.Kubeconfig(), "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ours.Stop()) }()
	hosts, err := b.serveHosts(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, hosts.Stop()) }()
	whoami, err := b.serve("whoami", "whoami")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, whoami.Stop()) }()
	if err := whoami.await(ctx, zone, dns.TypeTXT, "NODATA"); err != nil {
		return err
	}

	var found, noData, nxDomain []question
	for n := range min(asked, b.names) {
		i := n * (b.names / min(asked, b.names))
		found = append(found, question{host(i), "A"})
		noData = append(noData, question{host(i), "TXT"})
		nxDomain = append(nxDomain, question{"no" + host(i), "A"})
	}
	result := figures.Rounds{}
	for _, c := range []struct {
		name, target string
		list         []question
	}{
		{"found", "≤ 1.00× *hosts*", found},
		{"NODATA", "≤ 1.10× *hosts*, which sends no SOA", noData},
		{"NXDOMAIN", "≤ 1.10× *hosts*, which sends SERVFAIL", nxDomain},
	} {
		file, err := b.questions(c.name, c.list)
		if err != nil {
			return err
		}
		key := func(s *server) string { return c.name + " " + s.name }
		for round := range b.rounds {
			say("processor time per question, %s: round %d", c.name, round+1)
			for _, s := range turns([]*server{ours, hosts, whoami}, round) {
				cost, err := b.cost(ctx, s, file)
				if err != nil {
					return err
				}
				result.Add(key(s), cost)
			}
		}
		b.add("server CPU per query, "+c.name, c.target, "%.2f× (%.1f µs; *hosts* %.1f, *whoami* %.1f)",
			result.Ratio(key(ours), key(hosts)), result.Median(key(ours)), result.Median(key(hosts)), result.Median(key(whoami)))
	}
	return nil
}

// serveHosts runs CoreDNS with hosts and the names of the Ingresses.
func (b *bench) serveHosts(ctx context.Context) (*server, error) {
	hosts, err := b.serve("hosts", fmt.Sprintf("hosts {\nreload 0\nno_reverse\n%s}", b.hostsFile()))
	if err != nil {
		return nil, err
	}
	if err := hosts.await(ctx, host(b.names-1), dns.TypeA, ""); err != nil {
		return nil, errors.Join(err, hosts.Stop())
	}
	return hosts, nil
}

// routes measures the same for hosts that one or many routes share.
func (b *bench) routes(ctx context.Context) (err error) {
	for _, n := range sharing {
		say("applying %d routes", n)
		if err := b.cluster.Apply(ctx, []byte(sharedRoutes(n))); err != nil {
			return err
		}
	}
	ours, err := b.serve("routes", fmt.Sprintf("k8s_gateway {\nresources HTTPRoute\nkubeconfig %q\n}", b.cluster.Kubeconfig()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ours.Stop()) }()
	result := figures.Rounds{}
	for round := range b.rounds {
		say("routes that share a host: round %d", round+1)
		for _, n := range turns(sharing, round) {
			if err := ours.await(ctx, sharedHost(n), dns.TypeA, "192.0.2.1"); err != nil {
				return err
			}
			file, err := b.questions(fmt.Sprint("shared", n), []question{{sharedHost(n), "A"}})
			if err != nil {
				return err
			}
			cost, err := b.cost(ctx, ours, file)
			if err != nil {
				return err
			}
			result.Add(fmt.Sprint(n), cost)
		}
	}
	b.add("routes sharing one hostname: 50, 500", "≤ 1.2×, ≤ 2× of one", "%.2f×, %.2f× (%.1f µs for one)",
		result.Ratio("50", "1"), result.Ratio("500", "1"), result.Median("1"))
	return nil
}

// turns returns a list in an order that is another one in every round.
func turns[T any](list []T, round int) []T {
	n := round % len(list)
	return slices.Concat(list[n:], list[:n])
}
