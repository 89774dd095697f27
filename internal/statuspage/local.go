package statuspage

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// local wraps a handler so that it answers only requests whose Host is localhost or a loopback address. This protects a page on loopback
// from DNS rebinding: a web site that points its own name at 127.0.0.1 still sends that name as the Host.
func local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLocal(r.Host) {
			http.Error(w, "this page is for localhost only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isLocal(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
	}
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}
