// Package source makes the records of a stanza from the objects of its kinds. Each kind has a file that reads one object; the table of
// kinds says what is watched for each. Sources.Serve makes a kind served from some clusters. The package knows clusters, zones and
// the join of routes, and nothing of questions or the Corefile.
package source
