package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/test/bench/figures"
)

// transfer measures how long answers take while the zone is transferred, again and again.
func (b *bench) transfer(ctx context.Context) (err error) {
	ours, err := b.serveIngresses(ctx, b.cluster.Kubeconfig(), "transfer {\nto *\n}")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ours.Stop()) }()
	whoami, err := b.serve("whoami", "whoami")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, whoami.Stop()) }()

	if err := whoami.await(ctx, zone, dns.TypeTXT, "NODATA"); err != nil {
		return err
	}
	records, err := count(ours.addr)
	if err != nil {
		return err
	}
	d := &disturbance{result: figures.Rounds{}, server: ours, beside: whoami}
	var took []float64
	var octets int
	for round := range b.rounds {
		say("transfers of %d records: round %d", records, round+1)
		err := d.measure(ctx, b, func() (from, to time.Time, err error) {
			from = time.Now()
			for time.Since(from) < b.duration && ctx.Err() == nil {
				start := time.Now()
				if octets, err = axfr(ours.addr, records); err != nil {
					return from, to, err
				}
				took = append(took, time.Since(start).Seconds())
			}
			return from, time.Now(), nil
		})
		if err != nil {
			return err
		}
	}
	b.add(fmt.Sprintf("query latency at %d q/s while the zone is transferred (AXFR of %d records, %.1f MiB, %.2f s each)", rate, records, float64(octets)/(1<<20), figures.Median(took)),
		"p99 ≤ 2× quiet", "%s", d.report())
	return nil
}

// count transfers the zone once, and returns how many records it has.
func count(addr string) (n int, err error) {
	replies, err := new(dns.Transfer).In(new(dns.Msg).SetAxfr(dns.Fqdn(zone)), addr)
	if err != nil {
		return 0, err
	}
	for reply := range replies {
		if reply.Error != nil {
			err = reply.Error
		}
		n += len(reply.RR)
	}
	return n, err
}

// axfr transfers the zone and throws it away: reading it would cost what is to be measured. It returns how long it was.
func axfr(addr string, records int) (octets int, err error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	if err := (&dns.Conn{Conn: conn}).WriteMsg(new(dns.Msg).SetAxfr(dns.Fqdn(zone))); err != nil {
		return 0, err
	}
	_ = conn.SetReadDeadline(time.Now().Add(answerTimeout))
	for stream, got := bufio.NewReaderSize(conn, dns.MaxMsgSize), 0; got < records; {
		var head [14]byte // the length of the message, and its header
		if _, err := io.ReadFull(stream, head[:]); err != nil {
			return octets, fmt.Errorf("%d of %d records were transferred: %w", got, records, err)
		}
		length := int(binary.BigEndian.Uint16(head[:]))
		got += int(binary.BigEndian.Uint16(head[8:]))
		octets += 2 + length
		if _, err := stream.Discard(length - 12); err != nil {
			return octets, err
		}
	}
	return octets, nil
}
