// Package nameserver knows the nameservers of a stanza's zones: their names, and the addresses that the Corefile or a Service gives
// them (A1). It watches that Service and its EndpointSlices. It answers no question, and knows no Corefile.
package nameserver
