package docs

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coredns/coredns/plugin/pkg/doh"

	"github.com/miekg/dns"
)

// coredns is a running CoreDNS.
type coredns struct {
	ports map[string]int // by scheme
	roots *x509.CertPool // who has signed its certificate
}

// start runs CoreDNS until the test ends, and returns when it listens.
func start(t *testing.T, at string, l *local) *coredns {
	t.Helper()
	file := filepath.Join(t.TempDir(), "Corefile")
	if err := os.WriteFile(file, []byte(l.text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	cmd := exec.CommandContext(ctx, binary, "-conf", file)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
		_ = r.Close()
	})
	var said []string
	for output := bufio.NewScanner(r); output.Scan(); {
		said = append(said, output.Text())
		if strings.HasPrefix(output.Text(), "CoreDNS-") { // is said when everything listens
			go io.Copy(io.Discard, r)
			return &coredns{ports: l.ports, roots: l.roots}
		}
	}
	t.Fatalf("%s: CoreDNS does not start:\n%s\n%s", at, strings.Join(said, "\n"), l.text.String())
	return nil
}

// transfer returns all records of a zone.
func (s *coredns) transfer(zone string) (records []dns.RR, err error) {
	envelopes, err := new(dns.Transfer).In(new(dns.Msg).SetAxfr(zone), s.address("dns"))
	if err != nil {
		return nil, err
	}
	for e := range envelopes {
		if e.Error != nil {
			return nil, e.Error
		}
		records = append(records, e.RR...)
	}
	return records, nil
}

// ask asks as dig does: over which transport, and whether it looks at the certificate, is in the question.
func (s *coredns) ask(t *testing.T, q *question) (*dns.Msg, error) {
	if s.ports[q.scheme] == 0 {
		return nil, fmt.Errorf("nothing listens for %s", q.scheme)
	}
	m := new(dns.Msg)
	m.SetQuestion(q.name, q.qtype).SetEdns0(1232, true)
	if p := q.subnet; p.IsValid() {
		family := uint16(1)
		if p.Addr().Is6() {
			family = 2
		}
		m.IsEdns0().Option = append(m.IsEdns0().Option, &dns.EDNS0_SUBNET{
			Code: dns.EDNS0SUBNET, Family: family, SourceNetmask: uint8(p.Bits()), Address: p.Masked().Addr().AsSlice()})
	}
	config := &tls.Config{RootCAs: s.roots, ServerName: q.hostname, InsecureSkipVerify: !q.verify}
	if q.scheme == "https" {
		return s.askHTTPS(t, m, config)
	}
	network := map[string]string{"dns": "", "tls": "tcp-tls"}[q.scheme]
	client := &dns.Client{Net: network, TLSConfig: config, Timeout: 5 * time.Second}
	reply, _, err := client.ExchangeContext(t.Context(), m, s.address(q.scheme))
	return reply, err
}

// askHTTPS asks as RFC 8484 says.
func (s *coredns) askHTTPS(t *testing.T, m *dns.Msg, config *tls.Config) (*dns.Msg, error) {
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	request, err := doh.NewRequestWithContext(t.Context(), http.MethodPost, s.address("https"), "", m)
	if err != nil {
		return nil, err
	}
	response, err := (&http.Client{Transport: transport, Timeout: 5 * time.Second}).Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		_ = response.Body.Close()
		return nil, errors.New(response.Status)
	}
	return doh.ResponseToMsg(response)
}

func (s *coredns) address(scheme string) string { return fmt.Sprintf("127.0.0.1:%d", s.ports[scheme]) }
