package gateway

import (
	"net"
	"strings"
	"testing"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/pkg/reuseport"
	"github.com/coredns/coredns/plugin/pkg/transport"
)

// listenAt starts and stops the status pages of an instance whose stanza has the property status, in a server block.
func listenAt(t *testing.T, status string, config dnsserver.Config) error {
	t.Helper()
	f := newFixture(t, "status "+status)
	i := &instance{ctx: t.Context(), blocks: []*block{{&config, []*Gateway{f.Gateway}}}}
	err := i.listen()
	for _, page := range i.pages {
		if err := page.Shutdown(); err != nil {
			t.Error(err)
		}
	}
	return err
}

// The status page does not take a TCP port of the DNS server, which would share it (SO_REUSEPORT).
func TestStatusAtServerPort(t *testing.T) {
	for _, tc := range []struct {
		status, transport, host, port string
		refused                       bool
	}{
		{":2053", transport.DNS, "", "2053", true},
		{":2053", transport.TLS, "127.0.0.1", "2053", true},
		{"0.0.0.0:2053", transport.DNS, "127.0.0.2", "2053", true},
		{":2053", transport.DNS, "0.0.0.0", "2053", true},
		{"127.0.0.3:0", transport.DNS, "", "0", false},
		{"127.0.0.3:2053", transport.DNS, "127.0.0.2", "2053", false},
		{"127.0.0.3:2053", transport.QUIC, "127.0.0.3", "2053", false},
	} {
		err := listenAt(t, tc.status, dnsserver.Config{Zone: "example.com.", Transport: tc.transport, ListenHosts: []string{tc.host}, Port: tc.port})
		want := "property status: the DNS server of the block example.com:2053 listens on "
		if refused := err != nil && strings.Contains(err.Error(), want); refused != tc.refused || err != nil && !tc.refused {
			t.Errorf("%+v: %v", tc, err)
		}
	}
}

// The status page does not share a TCP port with another process, and the error says what to do.
func TestStatusAtTakenPort(t *testing.T) {
	taken, err := reuseport.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	err = listenAt(t, ":"+port, dnsserver.Config{Transport: transport.DNS, ListenHosts: []string{""}, Port: "53"})
	want := "property status: listen tcp 127.0.0.1:" + port + ": bind: address already in use: stop what listens there, or use another port"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}
