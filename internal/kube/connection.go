package kube

import (
	"io"
	"net/http"
	"sync/atomic"
	"time"

	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/rest"
)

// Connection is how the API server of a cluster is reached: the credentials as they were read, and what they make.
type Connection struct {
	Config *rest.Config
	HTTP   *http.Client
}

// OpenConnection prepares a connection. Every sign of life of the API server is noted in heard, in nanoseconds since 1970.
func OpenConnection(config *rest.Config, heard *atomic.Int64) (*Connection, error) {
	config.UserAgent = "k8s_gateway"
	config.QPS = -1                           // a handful of long watches need no throttle on our side
	config.WarningHandler = rest.NoWarnings{} // about versions, of which the newest that there is was chosen
	config.Wrap(func(rt http.RoundTripper) http.RoundTripper { return &attentive{rt, heard} })
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, err
	}
	return &Connection{config, client}, nil
}

// Close ends all requests that are under way.
func (c *Connection) Close() { utilnet.CloseIdleConnectionsFor(c.HTTP.Transport) }

// attentive notes when something is read from the API server.
type attentive struct {
	http.RoundTripper
	heard *atomic.Int64
}

func (t *attentive) RoundTrip(r *http.Request) (*http.Response, error) {
	reply, err := t.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	t.heard.Store(time.Now().UnixNano())
	reply.Body = &attentiveBody{reply.Body, t.heard}
	return reply, nil
}

// WrappedRoundTripper lets client-go find what it wants to close.
func (t *attentive) WrappedRoundTripper() http.RoundTripper { return t.RoundTripper }

type attentiveBody struct {
	io.ReadCloser
	heard *atomic.Int64
}

func (b *attentiveBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.heard.Store(time.Now().UnixNano())
	}
	return n, err
}
