package coredns

import (
	"net"
	"strconv"
	"testing"

	"github.com/coredns/coredns/plugin/pkg/reuseport"
)

// A free port is nobody's, also where others let their port be shared, as CoreDNS does.
func TestFreePort(t *testing.T) {
	taken := map[string]bool{}
	for range 500 {
		socket, err := reuseport.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer socket.Close()
		taken[strconv.Itoa(socket.LocalAddr().(*net.UDPAddr).Port)] = true
	}
	for range 500 {
		port, err := FreePort()
		if err != nil {
			t.Fatal(err)
		}
		if taken[port] {
			t.Fatalf("port %s is somebody's", port)
		}
	}
}
