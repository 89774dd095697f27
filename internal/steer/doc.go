// Package steer decides which of a name's targets a client gets (section 9 of the rules): a chain of filters, in the order of the
// property `steer`, each of which keeps some of what the one before kept.
//
// A filter is a file of its own, with a type that has the method of Filter, and a row in the table of chain.go. The package knows
// targets as lookups gather them (package zone), networks and places. It knows neither the Corefile nor replies.
package steer
