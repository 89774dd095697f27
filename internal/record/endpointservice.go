package record

// EndpointService is a Service that answers with the addresses of its endpoints. It is immutable.
type EndpointService struct {
	Names           []string // canonical
	TTL             uint32   // seconds
	Ports           []ServicePort
	PublishNotReady bool // spec.publishNotReadyAddresses
	Stated          *Stated
}

// PortName identifies a port of a Service and of its EndpointSlices. A Service may use a name once for each protocol.
type PortName struct {
	Name     string
	Protocol string // as in the owner name of an SRV record, without the underscore
}

// ServicePort is a named port of a Service. It is immutable once stored.
type ServicePort struct {
	PortName
	Numbers []uint16 // the ports that clients connect to, in order, each once
}
