package gateway

// Ready implements ready.Readiness of CoreDNS's ready plugin.
func (g *Gateway) Ready() bool { return g.complete() }
