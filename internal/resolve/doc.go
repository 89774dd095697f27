// Package resolve completes an answer: it follows aliases within the zones and outside them, flattens aliases of several hostnames
// into addresses, remembers the answers of upstream servers, and adds referrals and additional records as far as a reply has room
// (RFC 1034 section 4.3.2, RFC 9471, RFC 8767). What our own names say it asks an Authority. Of CoreDNS it knows only the lookup
// of other names and the request that a reply is for.
package resolve
