// Package kube lists and watches the objects of Kubernetes API servers. A Cluster is one API server with its credentials; an
// Informer keeps a store up to date with the objects of one resource, and survives outages, restarts and changes of version.
// The caller provides the function that converts an object into what is stored. The package knows neither zones nor CoreDNS's
// plugin interfaces.
package kube
