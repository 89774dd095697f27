// Package resolve completes answers (RFC 1034 section 4.3.2). It follows aliases within the zones and outside them, replaces several
// hostnames by their addresses, caches the answers of upstream servers (RFC 8767), adds referrals (RFC 9471), and adds additional
// records if the reply has room. It gets the answers for names in the zones from an Authority. It depends on CoreDNS only for the
// lookup of other names and for the type of a request.
package resolve
