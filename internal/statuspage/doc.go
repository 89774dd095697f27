// Package statuspage serves a read-only page over HTTP that shows what a server of DNS names knows: every
// name with its data and where it comes from, what is claimed and not answered and why, and how its
// sources are. It knows DNS names, and nothing of Kubernetes.
//
// The page is at /, and the same is at /records.json for scripts. Both take these parameters, each at most
// once; any other, or one that makes no sense, is an error:
//
//	q         words, at most 32; a row is selected if it has each of them somewhere
//	kind      only rows of this kind
//	standing  only rows of this standing, or "unanswered" for all that do not answer
//	sort      name, type, data, ttl, object or standing; with a minus before it the other way round
//	page      from 1; a page behind the last one has no rows
//	limit     rows on a page, 100 unless given, at most 1000 (of records.json only)
//	client    an IP address or a client subnet (RFC 7871): the explanation is of what this client gets
//
// The object of records.json has the fields
//
//	taken        when all of this was so, in RFC 3339
//	ready        whether everything has been known
//	zones        the zones that are served
//	sources      each Status, with the JSON names of its fields
//	names        how many names there are, and
//	answering    how many of them answer
//	standings    how many rows of each standing match q and kind
//	total        how many rows match
//	page, pages  which of how many pages this is
//	limit        rows on a page
//	rows         each Row of the page, with the JSON names of its fields
//	explanation  an Explanation, where q is a name that is asked about
//
// A URL in q stands for its host, also without its scheme, as in HOST:PORT and HOST/PATH. q is a name that is asked about if it is one of at least two labels and in one of the zones, ends in a
// dot, or matches no row. The rows of that name come first unless sort is given. An error is an object with
// the field error, a sentence.
package statuspage
