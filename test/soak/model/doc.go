// Package model says what the plugin must answer, from the objects of a cluster and the rules that the plugin keeps. It
// shares no code with the plugin, so that no mistake can be in both, and it is the slowest and simplest thing that can be
// right: every question goes through everything that any object claims. There is a file for each part of the rules:
//
//	names.go       names and zones (N)
//	answer.go      from a question to an answer (Z)
//	apex.go        SOA, NS and the nameservers' names (A)
//	wildcard.go    the three sorts of wildcard (W)
//	alias.go       CNAMEs and flattening (C)
//	ingress.go, service.go, route.go, listener.go, dnsendpoint.go, node.go   what the kinds claim (I, S, G, D, K)
//	annotations.go labels and annotations (L)
//	steer.go       filters, but for geo and weighted (T)
//
// Where the rules leave a choice, it takes the one that the plugin's tests hold:
//
//   - A pending name makes no empty non-terminal, and does not block the wildcards of RFC 4592; names below it make it NODATA.
//   - An annotation with nothing good in it counts as absent, but hides the same annotation under another prefix.
//   - On a DNSEndpoint the target annotation is for the names that its hostname annotation adds, and only for these.
//   - A hostname beside records of other types is flattened; the CNAME of a DNSEndpoint gives way to them.
//   - Several CNAMEs of one name: of an endpoint, and of an object, the first; of several objects the least.
//   - A wildcard from above a zone covers the zone's apex.
//   - An alias is followed over eight others. One that leads on is answered as far as it was followed.
//   - A port of a Service has an SRV record where the Service is an alias as well.
//   - An endpoint of an unknown type, or without a good target, still claims its name.
//
// What it does not know, and what the objects must therefore not have: a route that several controllers report on; an
// object besides its Service that bears a nameserver's name, and a delegation of one; a nameserver's Service with annotations, or that
// answers with its endpoints; questions of type ANY; several
// clusters; an API server that lacks a kind.
package model
