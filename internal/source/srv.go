package source

import (
	"cmp"
	"slices"
	"strings"

	"github.com/miekg/dns"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

func portNamed(name string, protocol corev1.Protocol) record.PortName {
	return record.PortName{Name: name, Protocol: strings.ToLower(string(cmp.Or(protocol, corev1.ProtocolTCP)))}
}

// servicePorts returns the named ports of a Service, with the numbers that its load balancer listens at.
func servicePorts(svc *corev1.Service) []record.ServicePort {
	var list []record.ServicePort
	for _, p := range svc.Spec.Ports {
		if p.Name != "" {
			list = append(list, record.ServicePort{PortName: portNamed(p.Name, p.Protocol), Numbers: []uint16{uint16(p.Port)}})
		}
	}
	return list
}

// slicePort is a port of the endpoints in an EndpointSlice. A number of 0 stands for every port.
type slicePort struct {
	record.PortName
	number uint16
}

func slicePorts(slice *discoveryv1.EndpointSlice) []slicePort {
	var list []slicePort
	for _, p := range slice.Ports {
		if p.Name == nil || *p.Name == "" {
			continue
		}
		port := slicePort{PortName: portNamed(*p.Name, deref(p.Protocol))}
		if p.Port != nil {
			port.number = uint16(*p.Port)
		}
		list = append(list, port)
	}
	return list
}

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// endpointPorts returns the named ports of a Service, with the numbers at which its endpoints listen according to the EndpointSlices.
// It omits a port that none of them has.
func endpointPorts(ports []record.ServicePort, with []*EndpointSlice) []record.ServicePort {
	numbers := map[record.PortName][]uint16{}
	for _, slice := range with {
		for _, p := range slice.ports {
			numbers[p.PortName] = append(numbers[p.PortName], p.number)
		}
	}
	var list []record.ServicePort
	for _, p := range ports {
		found := slices.Clone(numbers[p.PortName])
		for i, n := range found {
			if n == 0 {
				found[i] = p.Numbers[0]
			}
		}
		slices.Sort(found)
		if found = slices.Compact(found); len(found) > 0 {
			list = append(list, record.ServicePort{PortName: p.PortName, Numbers: found})
		}
	}
	return list
}

// filePorts files SRV records (RFC 2782) for the named ports of a Service below one of its names (S4), like those of CoreDNS's plugin
// kubernetes inside the cluster.
func filePorts(b *object.Builder, name string, ports []record.ServicePort) {
	for _, p := range ports {
		if b.Full() {
			return
		}
		owner, err := dnsname.Owner("_" + p.Name + "._" + p.Protocol + "." + name)
		if err != nil { // too long
			b.Skip("name", p.Name, err)
			continue
		}
		d := &record.Data{TTL: b.Annotations.TTL, Extra: &record.Extra{ServiceSRV: true}}
		for _, number := range p.Numbers {
			d.RRs = append(d.RRs, &dns.SRV{
				Hdr: record.Header(".", dns.TypeSRV, 0), Priority: 0, Weight: 100, Port: number, Target: dns.Fqdn(name),
			})
		}
		b.MoreRecords += len(d.RRs) - 1
		b.File(owner, d)
	}
}
