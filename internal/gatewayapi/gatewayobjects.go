package gatewayapi

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
)

// The types of the Gateway API, with only the fields that DNS needs.

// condition has the fields of metav1.Condition that DNS needs.
type condition struct {
	Type   string                 `json:"type"`
	Status metav1.ConditionStatus `json:"status"`
}

// routeObject is an HTTPRoute, TLSRoute, GRPCRoute, TCPRoute or UDPRoute.
type routeObject struct {
	object.CustomObject
	Spec   routeSpec   `json:"spec"`
	Status routeStatus `json:"status"`
}

type routeSpec struct {
	ParentRefs []gatewayv1.ParentReference `json:"parentRefs"`
	Hostnames  []string                    `json:"hostnames"`
}

type routeStatus struct {
	Parents []routeParentStatus `json:"parents"`
}

// routeParentStatus has the fields of gatewayv1.RouteParentStatus that DNS needs.
type routeParentStatus struct {
	ParentRef  gatewayv1.ParentReference `json:"parentRef"`
	Conditions []condition               `json:"conditions"`
}

// gatewayObject is a Gateway.
type gatewayObject struct {
	object.CustomObject
	Spec struct {
		GatewayClassName string                      `json:"gatewayClassName"`
		Listeners        []listenerObject            `json:"listeners"`
		AllowedListeners *gatewayv1.AllowedListeners `json:"allowedListeners"`
	} `json:"spec"`
	Status struct {
		Addresses  []gatewayv1.GatewayStatusAddress `json:"addresses"`
		Conditions []condition                      `json:"conditions"`
		Listeners  []listenerStatus                 `json:"listeners"`
	} `json:"status"`
}

// listenerSetObject is a ListenerSet.
type listenerSetObject struct {
	object.CustomObject
	Spec struct {
		ParentRef gatewayv1.ParentGatewayReference `json:"parentRef"`
		Listeners []listenerObject                 `json:"listeners"`
	} `json:"spec"`
	Status struct {
		Conditions []condition      `json:"conditions"`
		Listeners  []listenerStatus `json:"listeners"`
	} `json:"status"`
}

// listenerObject is a listener of a Gateway or of a ListenerSet.
type listenerObject struct {
	Name          string                   `json:"name"`
	Hostname      string                   `json:"hostname"`
	Port          int32                    `json:"port"`
	Protocol      gatewayv1.ProtocolType   `json:"protocol"`
	AllowedRoutes *gatewayv1.AllowedRoutes `json:"allowedRoutes"`
}

// listenerStatus is the status of one listener.
type listenerStatus struct {
	Name       string      `json:"name"`
	Conditions []condition `json:"conditions"`
}

// conditionsByListener returns the conditions of listeners, keyed by listener name.
func conditionsByListener(list []listenerStatus) map[string][]condition {
	conditions := map[string][]condition{}
	for _, l := range list {
		conditions[l.Name] = l.Conditions
	}
	return conditions
}
