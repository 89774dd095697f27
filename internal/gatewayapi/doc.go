// Package gatewayapi joins routes with Gateways and ListenerSets of the Gateway API: which listener takes which route, and which
// names come of it. The names are bindings in the index of the route's kind; a lookup takes the addresses from the Gateway. A change
// of one object that concerns many routes is made in pieces. It knows neither how questions are answered nor the other kinds.
package gatewayapi
