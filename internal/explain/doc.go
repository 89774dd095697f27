// Package explain says why a name answers or not: in the words of an Extended DNS Error (RFC 8914), in sentences of the status
// page, and as a row of that page for everything that an object claims. It reads what clusters, zones and joins hold, and changes
// nothing. It knows neither the Corefile nor the wire.
package explain
