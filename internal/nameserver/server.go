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
	AddrsInCorefile bool   // the addresses are in the Corefile

	Addrs []target.Addr // guarded by the lock of zone.Database

	Watches []*Watch   // of the Service that has the addresses, in each cluster; none where no Service is meant
	changes sync.Mutex // serialises changes of addrs; no query waits for it
}

// NameIn returns the nameserver's name in a zone.
func (ns *Server) NameIn(zone string) string {
	if ns.Absolute {
		return ns.Name
	}
	return dnsname.Join(ns.Name, zone)
}

// NameInCorefile is how the Corefile has the name.
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

// HasOwnAddrs reports whether the Corefile says where the addresses come from. No object that bears the nameserver's name then has
// a say in them.
func (ns *Server) HasOwnAddrs() bool { return ns.AddrsInCorefile || len(ns.Watches) > 0 }

// Awaited returns an informer that has to list something before the addresses are known, or nil.
func (ns *Server) Awaited() *kube.Informer {
	for _, s := range ns.Watches {
		if i := s.Awaited(); i != nil {
			return i
		}
	}
	return nil
}

// MayAnswer reports whether the addresses so far may be answered, as the kinds do: every cluster has listed the Service,
// or has had the startup grace for it.
func (ns *Server) MayAnswer() bool {
	for _, s := range ns.Watches {
		if !s.WasComplete() && !s.cluster.GraceOver.Load() {
			return false
		}
	}
	return true
}

// WhyNoAddress is what is wrong with the nameserver's Service.
func (ns *Server) WhyNoAddress() string {
	text := "there is no Service " + ns.Watches[0].key.String()
	for _, s := range ns.Watches {
		switch i := s.informers[0]; {
		case i.Problem.Load() == kube.Forbidden:
			text = "no permission to read Service " + s.key.String()
		case len(s.services.List()) == 0:
		case s.services.List()[0].endpoints:
			return "Service " + s.key.String() + " has no ready endpoint"
		default:
			return "Service " + s.key.String() + " has no address"
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
