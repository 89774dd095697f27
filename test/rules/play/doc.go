// Package play plays scenarios: it starts CoreDNS with the plugin in the process of the test, in front of API servers that
// it is given, applies objects, and asks over loopback. Nothing here depends on whether those API servers are real.
//
// CoreDNS reads Corefiles into package variables, and its metrics and log belong to the process. Scenarios are played one
// after the other.
package play
