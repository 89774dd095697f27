// Package record holds the DNS data of one Kubernetes object: the owner names that it claims, and the data of each.
//
// A Record is small, validated and immutable, so that a lookup copies nothing and parses nothing. The package knows RDATA, the
// size of a reply, and values that cannot be served. It knows neither zones nor lookups, and of Kubernetes only that an object
// has a namespace and a name.
package record
