// Package nameserver holds the nameservers of a stanza's zones: their names, and their addresses, which come from the Corefile or from
// a Service (A1). It watches that Service and its EndpointSlices. It neither answers questions nor reads the Corefile.
package nameserver
