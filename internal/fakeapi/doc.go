// Package fakeapi is a stand-in for a Kubernetes API server, inside the process of a test: it serves discovery, lists
// and watches of the resources that the plugin reads, in JSON over plain HTTP on loopback, and starts in less than a
// millisecond.
//
// It stores objects as they were written. It has no defaults, validation, admission, RBAC, controllers or history that
// ends. What depends on those is tested with internal/testcluster.
package fakeapi
