package kube

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// Cluster is a Kubernetes API server, with the informers that watch it.
type Cluster struct {
	Kubeconfig, Context string // from the property kubeconfig; the plugin's own cluster if Kubeconfig is empty

	Conn             atomic.Pointer[Connection]
	LastHeard        atomic.Int64           // when the API server last sent something, in nanoseconds since 1970
	Trouble          atomicEnum[Trouble]    // why the API server does not answer; it is logged only when it changes
	troubleSince     atomic.Int64           // when the API server ceased to answer, in nanoseconds since 1970
	Answers          atomic.Int64           // how many requests the API server has answered
	credentialsError atomic.Pointer[string] // why the credentials could not be read again; it is logged only when it changes

	CountNames func() int64 // returns how many names the cluster's objects have, for the log; nil if that is not counted

	mu        sync.Mutex
	informers []*Informer     // the demanded informers
	GraceOver atomic.Bool     // the startup timeout is over
	run       func(*Informer) // starts an informer; nil before Start
}

// Name returns the name by which the stanza distinguishes the cluster from its other clusters.
func (c *Cluster) Name() string {
	switch {
	case c.Kubeconfig == "":
		return "in-cluster"
	case c.Context == "":
		return c.Kubeconfig
	}
	return c.Kubeconfig + " " + c.Context
}

// Connect reads the credentials and prepares the clients. It does not talk to the API server.
func (c *Cluster) Connect() error {
	err := c.prepare()
	switch {
	case err == nil, c.Kubeconfig == "":
		return err
	}
	if problem := c.contextProblem(); problem != "" {
		return fmt.Errorf("kubeconfig %q %s", c.Kubeconfig, problem)
	}
	if clientcmd.IsEmptyConfig(err) {
		return fmt.Errorf("kubeconfig %q holds no context with a cluster: want what kubectl can use", c.Kubeconfig)
	}
	if _, err := clientcmd.LoadFromFile(c.Kubeconfig); err != nil && !errors.As(err, new(*fs.PathError)) {
		return fmt.Errorf("kubeconfig %q is not a kubeconfig: want a file that kubectl can use, with apiVersion: v1 and kind: Config", c.Kubeconfig)
	}
	return fmt.Errorf("kubeconfig %q: %w", c.Kubeconfig, err)
}

// contextProblem says which contexts a kubeconfig has, if it does not have the requested one.
func (c *Cluster) contextProblem() string {
	config, err := clientcmd.LoadFromFile(c.Kubeconfig)
	if err != nil || len(config.Contexts) == 0 {
		return ""
	}
	all := slices.Sorted(maps.Keys(config.Contexts))
	want := "want one of " + strings.Join(all, ", ")
	switch wanted := cmp.Or(c.Context, config.CurrentContext); {
	case wanted == "":
		return "has no current context: write one after the file: " + want
	case config.Contexts[wanted] != nil:
		return ""
	case c.Context != "" && wording.Nearest(wanted, all) != "":
		return fmt.Sprintf("has no context %q: did you mean %q? It has %s", wanted, wording.Nearest(wanted, all), strings.Join(all, ", "))
	case c.Context != "":
		return fmt.Sprintf("has no context %q: %s", wanted, want)
	default:
		return fmt.Sprintf("has no context %q, which is its current one: write one after the file: %s", wanted, want)
	}
}

// prepare opens the connection, and checks that requests can be made with it.
func (c *Cluster) prepare() error {
	if err := c.open(); err != nil {
		return err
	}
	_, err := c.ListWatch(Services, statusOnly{}, nil) // checks that the configuration makes a client; each informer makes its own
	return err
}

// open reads the credentials from disk, and replaces the connection.
func (c *Cluster) open() error {
	config, err := c.restConfig()
	if err != nil {
		return err
	}
	// Read the files now. client-go would check them only every few minutes, and use the old content until then.
	if err := rest.LoadTLSFiles(config); err != nil {
		return err
	}
	config.CAFile, config.CertFile, config.KeyFile = "", "", ""
	conn, err := OpenConnection(config, &c.LastHeard)
	if err != nil {
		return err
	}
	if old := c.Conn.Swap(conn); old != nil {
		old.CloseIdle()
	}
	return nil
}

// renew reads the credentials again if the API server refused them, because they may have been replaced on disk. If they cannot
// be read, for example while they are being written, the connection stays as it is.
func (c *Cluster) renew() {
	if c.Trouble.Load() != Untrusted {
		return
	}
	problem := ""
	if err := c.open(); err != nil {
		problem = err.Error()
	}
	if before := c.credentialsError.Swap(&problem); problem != "" && (before == nil || *before != problem) {
		log.Warningf("%s: credentials cannot be read again: %s", c.Name(), problem)
	}
}

// How long trouble may last before it is logged.
const (
	briefOutage = 2 * time.Second  // since the API server last sent something: requests from before that may fail
	startingUp  = 15 * time.Second // for which a starting API server may refuse to list a kind, until its storage is ready
)

// Trouble is a reason why an API server does not answer.
type Trouble int32

// The values of Trouble.
const (
	NoTrouble Trouble = iota
	Unreachable
	Untrusted // one side does not accept the other's credentials
)

// atomicEnum is an atomic variable of an enumeration.
type atomicEnum[E ~int32] struct{ value atomic.Int32 }

func (a *atomicEnum[E]) Load() E            { return E(a.value.Load()) }
func (a *atomicEnum[E]) Store(new E)        { a.value.Store(int32(new)) }
func (a *atomicEnum[E]) Swap(new E) (old E) { return E(a.value.Swap(int32(new))) }
func (a *atomicEnum[E]) CompareAndSwap(old, new E) bool {
	return a.value.CompareAndSwap(int32(old), int32(new))
}

// Answered notes that the API server has answered.
func (c *Cluster) Answered() {
	c.Answers.Add(1)
	if c.Trouble.Swap(NoTrouble) != NoTrouble {
		log.Infof("%s: the API server answers again, after %s: %s", c.Name(), wording.Elapsed(time.Unix(0, c.troubleSince.Load())), c.Summary())
	}
}

// Unanswered notes a request that failed. It reports whether the API server did not answer it at all; an error that the API
// server sends about a single kind is an answer.
func (c *Cluster) Unanswered(err error) bool {
	var status apierrors.APIStatus
	switch {
	case isCredentialError(err):
		if before := c.Trouble.Swap(Untrusted); before != Untrusted {
			if before == NoTrouble {
				c.troubleSince.Store(time.Now().UnixNano())
			}
			log.Warningf("%s: the API server and this client do not accept each other, trying again with what is on disk: %v", c.Name(), err)
		}
	case errors.Is(err, errNotAPIServer):
		return false // something answers, and other kinds may work
	case !errors.As(err, &status):
		if time.Since(time.Unix(0, c.LastHeard.Load())) > briefOutage && c.Trouble.CompareAndSwap(NoTrouble, Unreachable) {
			c.troubleSince.Store(time.Now().UnixNano())
			if slices.ContainsFunc(c.Demanded(), func(i *Informer) bool { return i.Listed.Load() }) {
				log.Warningf("%s: the API server does not answer, trying again, what is known stays: %v", c.Name(), err)
			} else {
				log.Warningf("%s: the API server does not answer, trying again, nothing has been listed yet: %v", c.Name(), err)
			}
		}
	default:
		return false
	}
	return true
}

// restConfig returns the configuration of the kubeconfig file, or of the cluster that the plugin runs in.
func (c *Cluster) restConfig() (*rest.Config, error) {
	if c.Kubeconfig == "" {
		config, err := rest.InClusterConfig()
		if err != nil {
			return nil, fmt.Errorf("not running in a cluster, and no kubeconfig given: write 'kubeconfig FILE' inside the braces: %w", err)
		}
		return config, nil
	}
	return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		&clientcmd.ClientConfigLoadingRules{ExplicitPath: c.Kubeconfig},
		&clientcmd.ConfigOverrides{CurrentContext: c.Context}).ClientConfig()
}
