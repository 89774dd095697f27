// Package zone stores the zones of a stanza and the records in them. Database.Put enters the records of an object into the index of
// its kind and into the table of names. Database.Lookup answers a question from both (RFC 1034 section 4.3.2), without following
// aliases. The package depends neither on Kubernetes nor on CoreDNS.
package zone
