// Package object makes the record of one API object of any kind: the names and targets that it states, the annotations and labels
// that work on every kind, the filters of a stanza, and the limits of one object. What a kind claims is a function that is given a
// Builder. It knows no kind, and nothing of how records are looked up.
package object
