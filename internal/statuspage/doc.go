// Package statuspage serves a read-only page over HTTP with the data of a DNS server: each name with its records and the object that they
// come from, each claim that is not answered with the reason, and the state of each source. The package depends on DNS names, and not on
// Kubernetes.
//
// The page is at /, and the same data for scripts at /records.json. Both accept these parameters. A parameter that is unknown, repeated or
// invalid is an error:
//
//	q         at most 32 words; a row is selected if it has each word in one of its texts
//	kind      only rows of this kind
//	standing  only rows of this standing, or "unanswered" for all that do not answer
//	sort      name, type, data, ttl, object or standing; descending with a minus before it
//	page      from 1; a page after the last one has no rows
//	limit     rows on a page: 100 by default, at most 1000 (records.json only)
//	client    an IP address or a client subnet (RFC 7871): the explanation is of the answer to this client
//
// The object of records.json has these fields:
//
//	taken        the time of the data, in RFC 3339
//	ready        whether everything has been listed
//	zones        the zones that are served
//	sources      each Status, with the JSON names of its fields
//	names        the number of names
//	answering    the number of names that answer
//	standings    the number of rows of each standing that match q and kind
//	total        the number of rows that match
//	page, pages  the number of this page, and the number of pages
//	limit        rows on a page
//	rows         each Row of the page, with the JSON names of its fields
//	explanation  an Explanation, if q is a name to explain
//
// A URL in q stands for its host, also without its scheme, as in HOST:PORT and HOST/PATH. A q of one name is a name to explain if it ends
// in a dot, or if it has at least two labels and is in one of the zones or matches no row. The rows of that name come first unless sort
// is given. An error is an object with the field error, a sentence.
package statuspage
