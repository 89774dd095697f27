// Package explain gives the reason why a name is answered or not: as an Extended DNS Error (RFC 8914), as sentences on the status page,
// and as a row of that page for each claim of an object. It reads the data of clusters, zones and joins, and changes nothing. It depends
// neither on the Corefile nor on DNS messages.
package explain
