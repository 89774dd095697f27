package testcluster

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// startTimeout bounds a start, which takes about three seconds on two idle cores.
const startTimeout = 2 * time.Minute

// Options say what cluster to start. The zero value is good.
type Options struct {
	// Dir holds everything the cluster keeps. A cluster started on the Dir of
	// an earlier one has its objects, credentials and port.
	// Default: a new temporary directory that Close removes.
	Dir string

	// CRDs are the files and directories of CRDs to install. Default: the
	// standard channel of the Gateway API, and DNSEndpoint. An empty list that
	// is not nil stands for none.
	CRDs []string

	// Progress is told how far the build of the API server is, if it has to be
	// built. Default: nobody.
	Progress io.Writer
}

// Cluster is an API server that can be stopped and started again. Its methods
// may not be called at the same time, except Apply and Delete.
type Cluster struct {
	binary    string
	dir       string
	temporary bool
	crds      []string
	config    *rest.Config
	objects   *objects
	server    *server // nil while stopped
}

// Start builds the API server if need be and starts it. It returns when the
// server is ready and serves all its CRDs.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	binary, err := Build(ctx, o.Progress)
	if err != nil {
		return nil, err
	}
	c := &Cluster{binary: binary, dir: o.Dir, crds: o.CRDs}
	if c.crds == nil {
		if c.crds, err = StandardCRDs(ctx); err != nil {
			return nil, err
		}
	}
	if c.dir == "" {
		if c.dir, err = os.MkdirTemp("", "testcluster-"); err != nil {
			return nil, err
		}
		c.temporary = true
	}
	if err := c.open(ctx); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

// open starts the server and makes the clients.
func (c *Cluster) open(ctx context.Context) error {
	if err := c.Restart(ctx); err != nil {
		return err
	}
	var err error
	if c.config, err = clientcmd.BuildConfigFromFlags("", c.Kubeconfig()); err != nil {
		return err
	}
	c.config.QPS = -1 // tests do in a second what a controller does in an hour
	c.objects, err = newObjects(c.config)
	return err
}

// Kubeconfig returns the path of the administrator's kubeconfig. It has two
// contexts for the same server, "main", which is the current one, and "second".
func (c *Cluster) Kubeconfig() string { return filepath.Join(c.dir, "kubeconfig") }

// Config returns a configuration for clients of the administrator, without a
// limit on the rate of requests.
func (c *Cluster) Config() *rest.Config { return rest.CopyConfig(c.config) }

// Stop ends the API server. Nothing listens on its port until Restart.
func (c *Cluster) Stop() error {
	if c.server == nil {
		return nil
	}
	err := c.server.stop()
	c.server = nil
	return err
}

// Restart stops the API server, if it runs, and starts it with the same data,
// credentials and port.
func (c *Cluster) Restart(ctx context.Context) error {
	if err := c.Stop(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	server, err := startServer(ctx, c.binary, c.dir, c.crds)
	if err != nil {
		return fmt.Errorf("starting the API server: %w", err)
	}
	c.server = server
	return nil
}

// Close stops the API server and removes a temporary directory.
func (c *Cluster) Close() error {
	err := c.Stop()
	if c.temporary {
		if rmErr := os.RemoveAll(c.dir); err == nil {
			err = rmErr
		}
	}
	return err
}

// Apply creates or updates every object of a YAML file, Namespaces first, and
// writes their statuses.
func (c *Cluster) Apply(ctx context.Context, yaml []byte) error { return c.objects.apply(ctx, yaml) }

// Delete deletes every object of a YAML file, in reverse order. Objects that
// do not exist are passed over.
func (c *Cluster) Delete(ctx context.Context, yaml []byte) error { return c.objects.delete(ctx, yaml) }
