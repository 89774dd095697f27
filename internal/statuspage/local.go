package statuspage

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// local serves only those who ask for this machine by a name that nobody else can give it. A page on
// loopback is out of reach of other machines, but not of what they have a browser here do: a site may
// point its own name at 127.0.0.1 once it is loaded (DNS rebinding), and would then read the page as its
// own. The browser still sends the name of the site as the host.
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
