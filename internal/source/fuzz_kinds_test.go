package source_test

import (
	"math"

	corev1 "k8s.io/api/core/v1"

	networkingv1 "k8s.io/api/networking/v1"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	dnsendpointv1alpha1 "sigs.k8s.io/external-dns/apis/v1alpha1"
	"sigs.k8s.io/external-dns/endpoint"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// objectsOf returns an object of every kind with the values in all places where they fit.
func objectsOf(name, host, addr, port string) []kube.Object {
	m := metav1.ObjectMeta{Name: "x", Namespace: "y", Annotations: map[string]string{"coredns.io/hostname": name + "," + host}}
	ipType, hostType := gatewayv1.IPAddressType, gatewayv1.HostnameAddressType
	listener := gatewayv1.Hostname(host)
	route := gatewayv1.CommonRouteSpec{ParentRefs: []gatewayv1.ParentReference{{Name: "x"}}}
	hosts := []gatewayv1.Hostname{gatewayv1.Hostname(name), gatewayv1.Hostname(host)}
	return []kube.Object{
		&networkingv1.Ingress{
			ObjectMeta: m,
			Spec:       networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{Host: name}, {Host: host}, {Host: name}}},
			Status: networkingv1.IngressStatus{LoadBalancer: networkingv1.IngressLoadBalancerStatus{
				Ingress: []networkingv1.IngressLoadBalancerIngress{{IP: addr, Hostname: host}, {Hostname: name}}}},
		},
		&corev1.Service{
			ObjectMeta: m,
			Spec: corev1.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer, ExternalIPs: []string{addr, addr, host},
				Ports: []corev1.ServicePort{{Name: port, Port: 80}, {Name: port, Port: 80, Protocol: corev1.Protocol(port)}, {Name: "dns", Port: math.MaxInt32, Protocol: "UDP"}}},
			Status: corev1.ServiceStatus{LoadBalancer: corev1.LoadBalancerStatus{Ingress: []corev1.LoadBalancerIngress{{IP: addr, Hostname: host}}}},
		},
		&corev1.Node{
			ObjectMeta: metav1.ObjectMeta{Name: "x"},
			Status: corev1.NodeStatus{Addresses: []corev1.NodeAddress{
				{Type: corev1.NodeHostName, Address: name}, {Type: corev1.NodeHostName, Address: host}, {Type: corev1.NodeInternalIP, Address: addr}}},
		},
		&gatewayv1.Gateway{
			ObjectMeta: m,
			Spec: gatewayv1.GatewaySpec{Listeners: []gatewayv1.Listener{
				{Name: "http", Port: 80, Protocol: gatewayv1.HTTPProtocolType}, {Name: "tls", Port: 443, Protocol: gatewayv1.TLSProtocolType, Hostname: &listener}}},
			Status: gatewayv1.GatewayStatus{Addresses: []gatewayv1.GatewayStatusAddress{
				{Type: &ipType, Value: addr}, {Type: &hostType, Value: host}, {Type: &hostType, Value: name}, {Value: host}}},
		},
		&gatewayv1.HTTPRoute{ObjectMeta: m, Spec: gatewayv1.HTTPRouteSpec{CommonRouteSpec: route, Hostnames: hosts}},
		&gatewayv1.GRPCRoute{ObjectMeta: m, Spec: gatewayv1.GRPCRouteSpec{CommonRouteSpec: route, Hostnames: hosts}},
		&gatewayv1.TLSRoute{ObjectMeta: m, Spec: gatewayv1.TLSRouteSpec{CommonRouteSpec: route}},
		&dnsendpointv1alpha1.DNSEndpoint{ObjectMeta: m, Spec: dnsendpointv1alpha1.DNSEndpointSpec{Endpoints: []*endpoint.Endpoint{
			{DNSName: name, RecordType: "A", Targets: []string{addr, host}, RecordTTL: 5},
			{DNSName: host, RecordType: "CNAME", Targets: []string{name, host, addr}},
			{DNSName: "a." + host, RecordType: "CNAME", Targets: []string{name}},
			{DNSName: "*." + name, RecordType: "CNAME", Targets: []string{host}},
			{DNSName: "b." + name, RecordType: "NS", Targets: []string{host, "c.b." + name}},
			{DNSName: "c.b." + name, RecordType: "AAAA", Targets: []string{addr}},
			{DNSName: "mx." + name, RecordType: "MX", Targets: []string{"10 " + host, "10 " + name, "0 ."}},
			{DNSName: "_" + port + "._tcp." + name, RecordType: "SRV", Targets: []string{"1 2 3 " + host, "0 100 80 " + name}},
			{DNSName: "txt." + name, RecordType: "TXT", Targets: []string{name, host, addr, port}},
		}}},
	}
}
