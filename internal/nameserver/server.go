package nameserver

import (
	"strings"
	"sync"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// Server is a nameserver of the stanza's zones, from an `apex` or `secondary` property (A1).
type Server struct {
	Name            string // canonical, any number of labels; relative to each zone unless absolute
	Absolute        bool   // the name is complete, and the same in every zone
	AddrsInCorefile bool   // the Corefile has the addresses

	Addrs []target.Addr // guarded by the lock of zone.Database

	Watches []*Watch   // of the Service that has the addresses, in each cluster; empty if the name stands for no Service
	changes sync.Mutex // serialises changes of Addrs; no query waits for it
}

// NameIn returns the nameserver's name in a zone.
func (ns *Server) NameIn(zone string) string {
	if ns.Absolute {
		return ns.Name
	}
	return dnsname.Join(ns.Name, zone)
}

// NameInCorefile returns the name as the Corefile spells it: with a final dot if it is absolute.
func (ns *Server) NameInCorefile() string {
	if ns.Absolute {
		return dns.Fqdn(ns.Name)
	}
	return ns.Name
}

// service returns the key of the Service that has the addresses: a relative name of two labels without addresses is read as
// service.namespace.
func (ns *Server) service() (key store.Key, ok bool) {
	service, namespace, ok := strings.Cut(ns.Name, ".")
	if !ok || strings.Contains(namespace, ".") || ns.AddrsInCorefile || ns.Absolute {
		return store.Key{}, false
	}
	return store.Key{Namespace: namespace, Name: service}, true
}

// HasOwnAddrs reports whether the addresses come from the Corefile or from a Service. Addresses that other objects have at the
// nameserver's name are then not served.
func (ns *Server) HasOwnAddrs() bool { return ns.AddrsInCorefile || len(ns.Watches) > 0 }

// Awaited returns an informer that must settle before the nameserver is complete, or nil.
func (ns *Server) Awaited() *kube.Informer {
	for _, w := range ns.Watches {
		if i := w.Awaited(); i != nil {
			return i
		}
	}
	return nil
}

// MayAnswer reports whether the addresses may be answered: in each cluster, the watch was complete once, or the startup timeout is over.
func (ns *Server) MayAnswer() bool {
	for _, w := range ns.Watches {
		if !w.WasComplete() && !w.cluster.GraceOver.Load() {
			return false
		}
	}
	return true
}

// WhyNoAddress returns why the nameserver's Service has no address.
func (ns *Server) WhyNoAddress() string {
	text := "there is no Service " + ns.Watches[0].key.String()
	for _, w := range ns.Watches {
		switch i := w.informers[0]; {
		case i.Problem.Load() == kube.Forbidden:
			text = "no permission to read Service " + w.key.String()
		case len(w.services.List()) == 0:
		case w.services.List()[0].endpoints:
			return "Service " + w.key.String() + " has no ready endpoint"
		default:
			return "Service " + w.key.String() + " has no address"
		}
	}
	return text
}

// Outranks returns why an object's records of a type do not answer at the nameserver's name (Z4), or "".
func (ns *Server) Outranks(rrtype string) string {
	switch {
	case ns.AddrsInCorefile && (rrtype == "A" || rrtype == "AAAA" || rrtype == "ALIAS"):
		return "the name is a nameserver's, whose addresses the Corefile gives"
	case ns.HasOwnAddrs() && (rrtype == "A" || rrtype == "AAAA" || rrtype == "ALIAS"):
		return "the name is a nameserver's, whose addresses Service " + ns.Watches[0].key.String() + " gives"
	case rrtype == "CNAME":
		return "the name is a nameserver's, which must not be an alias (RFC 2181 section 10.3)"
	}
	return ""
}
