package gateway

// Ready implements ready.Readiness of CoreDNS's ready plugin, for every stanza of the server block: CoreDNS
// knows one plugin of a name.
func (g *Gateway) Ready() bool {
	for _, member := range g.block {
		if !member.ready.Load() && !member.complete() {
			return false
		}
	}
	return true
}
