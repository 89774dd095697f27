// Package testcluster runs a real Kubernetes API server for tests and for the
// demo: kube-apiserver with etcd, RBAC on, the Gateway API and DNSEndpoint
// CRDs installed, on loopback, with all its data under one directory.
//
// No controllers run there. Whoever wants a status writes it (Apply does), and
// a deleted Namespace stays in phase Terminating.
package testcluster
