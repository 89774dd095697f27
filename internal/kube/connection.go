package kube

import (
	"io"
	"net/http"
	"sync/atomic"
	"time"

	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/rest"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/telemetry"
)

// Connection is the configuration and the HTTP client for the API server of a cluster, with the credentials that were on disk
// when it was opened.
type Connection struct {
	Config *rest.Config
	HTTP   *http.Client
}

// OpenConnection prepares a connection. heard is set to the time, in nanoseconds since 1970, whenever the API server sends
// something.
func OpenConnection(config *rest.Config, heard *atomic.Int64) (*Connection, error) {
	config.UserAgent = telemetry.Plugin
	config.QPS = -1                           // no throttle: there are only a few long watches
	config.WarningHandler = rest.NoWarnings{} // warnings about old versions are useless: the plugin chose the newest one that is served
	config.Wrap(func(rt http.RoundTripper) http.RoundTripper { return &activityTransport{rt, heard} })
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, err
	}
	return &Connection{config, client}, nil
}

// CloseIdle closes the idle connections. Requests in progress continue until their context ends.
func (c *Connection) CloseIdle() { utilnet.CloseIdleConnectionsFor(c.HTTP.Transport) }

// activityTransport is a RoundTripper that notes the time when something is read from the API server.
type activityTransport struct {
	http.RoundTripper
	heard *atomic.Int64
}

func (t *activityTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	reply, err := t.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	t.heard.Store(time.Now().UnixNano())
	reply.Body = &activityBody{reply.Body, t.heard}
	return reply, nil
}

// WrappedRoundTripper lets client-go find the transport, to close its connections.
func (t *activityTransport) WrappedRoundTripper() http.RoundTripper { return t.RoundTripper }

// activityBody notes the time of each read from the body of a reply.
type activityBody struct {
	io.ReadCloser
	heard *atomic.Int64
}

func (b *activityBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.heard.Store(time.Now().UnixNano())
	}
	return n, err
}
