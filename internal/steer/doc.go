// Package steer decides which of a name's targets a client gets (section 9 of the rules). A chain of filters, in the order of the
// property `steer`, does so: each filter keeps some of the targets that the filter before it kept.
//
// Each filter has a file of its own, with a type that implements Filter, and a row in the table of chain.go. The package knows targets as
// lookups gather them (package zone), networks and places. It knows neither the Corefile nor replies.
package steer
