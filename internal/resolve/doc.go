// Package resolve completes an answer. It follows aliases, within the zones and outside them, and flattens aliases of several
// hostnames into addresses. It caches the answers of upstream servers. It adds referrals, and additional records as far as a
// reply has room (RFC 1034 section 4.3.2, RFC 9471, RFC 8767). It gets the answers for names in the zones from an Authority. Of
// CoreDNS it knows only the lookup of other names, and the request that a reply is for.
package resolve
