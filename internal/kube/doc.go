// Package kube lists and watches the objects of Kubernetes API servers. A Cluster is one API server with its credentials; an
// Informer keeps a store up to date with what one resource holds, and survives outages, restarts and changes of version. It
// knows the API machinery and what of an object is worth keeping to find differences; what an object means is a function
// that it is given. It knows neither zones nor CoreDNS's plugin interfaces.
package kube
