// Package source makes the records of a stanza from the objects of its kinds: a file for each kind reads one object, and the table
// of kinds says what is watched for each. Sources.Serve has a kind served from some clusters. It knows clusters, zones and the join
// of routes, and nothing of questions or the Corefile.
package source
