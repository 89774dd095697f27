// Package gatewayapi joins routes with Gateways and ListenerSets of the Gateway API: it decides which listener admits which route, and
// which names result. The names are bindings in the index of the route's kind; a lookup takes the addresses from the Gateway. A change
// of one object that affects many routes is made in pieces. The package knows neither how questions are answered nor the other kinds.
package gatewayapi
