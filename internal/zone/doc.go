// Package zone holds the zones of a stanza and what objects say in them. Database.Put stores the records of an object in the
// indexes of its kind and in the table of names that exist; Database.Lookup answers a question from both (RFC 1034 section
// 4.3.2), without following aliases. It knows records, whatever they were made of: neither Kubernetes nor CoreDNS.
package zone
