// Package object makes the record of one API object of any kind: the names and targets that it states, the annotations and labels
// that work on every kind, the filters of a stanza, and the limits of one object. Each kind has
// a function that claims names through a Builder. The package knows no kind, and nothing of how records are looked up.
package object
