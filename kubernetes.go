package gateway

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// cluster is a Kubernetes API server and what is watched there.
type cluster struct {
	kubeconfig, context string // of the kubeconfig property; in-cluster where kubeconfig is empty

	conn    atomic.Pointer[connection]
	heard   atomic.Int64           // when the API server last sent something, in nanoseconds since 1970
	trouble atomic.Int32           // why it does not answer, so that it is logged once
	silent  atomic.Int64           // when the trouble was logged, in nanoseconds since 1970
	answers atomic.Int64           // how many requests it has answered
	unread  atomic.Pointer[string] // why its credentials cannot be read again, for the same reason

	join  *join     // routes and what decides about them; nil unless a route kind is configured
	parts []*served // the configured kinds here

	mu        sync.Mutex
	informers []*informer     // that are demanded
	late      atomic.Bool     // the start has waited long enough
	run       func(*informer) // starts one; nil before start
}

// name tells the cluster from the others of a stanza, as the stanza does.
func (c *cluster) name() string {
	switch {
	case c.kubeconfig == "":
		return "in-cluster"
	case c.context == "":
		return c.kubeconfig
	}
	return c.kubeconfig + " " + c.context
}

// connect reads the credentials and prepares the clients. It does not talk to the API server.
func (c *cluster) connect() error {
	err := c.prepare()
	switch {
	case err == nil, c.kubeconfig == "":
		return err
	}
	if problem := c.contextProblem(); problem != "" {
		return fmt.Errorf("kubeconfig %q %s", c.kubeconfig, problem)
	}
	if clientcmd.IsEmptyConfig(err) {
		return fmt.Errorf("kubeconfig %q holds no context with a cluster: want what kubectl can use", c.kubeconfig)
	}
	if _, err := clientcmd.LoadFromFile(c.kubeconfig); err != nil && !errors.As(err, new(*fs.PathError)) {
		return fmt.Errorf("kubeconfig %q is not a kubeconfig: want a file that kubectl can use, with apiVersion: v1 and kind: Config", c.kubeconfig)
	}
	return fmt.Errorf("kubeconfig %q: %w", c.kubeconfig, err)
}

// contextProblem says which contexts a kubeconfig has where the one that is wanted is not among them.
func (c *cluster) contextProblem() string {
	config, err := clientcmd.LoadFromFile(c.kubeconfig)
	if err != nil || len(config.Contexts) == 0 {
		return ""
	}
	all := slices.Sorted(maps.Keys(config.Contexts))
	want := "want one of " + strings.Join(all, ", ")
	switch wanted := cmp.Or(c.context, config.CurrentContext); {
	case wanted == "":
		return "has no current context: write one after the file: " + want
	case config.Contexts[wanted] != nil:
		return ""
	case c.context != "" && nearest(wanted, all) != "":
		return fmt.Sprintf("has no context %q: did you mean %q? It has %s", wanted, nearest(wanted, all), strings.Join(all, ", "))
	case c.context != "":
		return fmt.Sprintf("has no context %q: %s", wanted, want)
	default:
		return fmt.Sprintf("has no context %q, which is its current one: write one after the file: %s", wanted, want)
	}
}

func (c *cluster) prepare() error {
	if err := c.open(); err != nil {
		return err
	}
	_, err := c.listWatch(services, statusOnly{}, nil)
	return err
}

// open reads the credentials anew.
func (c *cluster) open() error {
	config, err := c.restConfig()
	if err != nil {
		return err
	}
	// As they are now: client-go would look at the files every few minutes only, and keep what it had until then.
	if err := rest.LoadTLSFiles(config); err != nil {
		return err
	}
	config.CAFile, config.CertFile, config.KeyFile = "", "", ""
	conn, err := openConnection(config, &c.heard)
	if err != nil {
		return err
	}
	if old := c.conn.Swap(conn); old != nil {
		old.close()
	}
	return nil
}

// renew reads the credentials anew where the API server refused those that there are: they may have been replaced
// on disk. Ones that cannot be read, as while they are written, change nothing.
func (c *cluster) renew() {
	if c.trouble.Load() != untrusted {
		return
	}
	problem := ""
	if err := c.open(); err != nil {
		problem = err.Error()
	}
	if before := c.unread.Swap(&problem); problem != "" && (before == nil || *before != problem) {
		log.Warningf("%s: credentials cannot be read again: %s", c.name(), problem)
	}
}

// How long trouble may last without a word in the log.
const (
	brief    = 2 * time.Second  // since an API server was heard: what was on its way then may fail
	starting = 15 * time.Second // that an API server does not let a kind be listed: it has to get its storage ready
)

// What keeps an API server from answering.
const (
	noTrouble = iota
	unreachable
	untrusted // one side does not accept the other's credentials
)

// answered notes that the API server has answered.
func (c *cluster) answered() {
	c.answers.Add(1)
	if c.trouble.Swap(noTrouble) != noTrouble {
		log.Infof("%s: the API server answers again, after %s: %s", c.name(), elapsed(time.Unix(0, c.silent.Load())), c.summary())
	}
}

// unanswered notes a request that the API server did not answer, and reports whether it is one: what it answers
// about one kind does not count.
func (c *cluster) unanswered(err error) bool {
	var status apierrors.APIStatus
	switch {
	case untrusting(err):
		if before := c.trouble.Swap(untrusted); before != untrusted {
			if before == noTrouble {
				c.silent.Store(time.Now().UnixNano())
			}
			log.Warningf("%s: the API server and this client do not accept each other, trying again with what is on disk: %v", c.name(), err)
		}
	case errors.Is(err, errElsewhere):
		return false // something answers, and maybe for this kind only
	case !errors.As(err, &status):
		if time.Since(time.Unix(0, c.heard.Load())) > brief && c.trouble.CompareAndSwap(noTrouble, unreachable) {
			c.silent.Store(time.Now().UnixNano())
			if slices.ContainsFunc(c.demanded(), func(i *informer) bool { return i.listed.Load() }) {
				log.Warningf("%s: the API server does not answer, trying again, what is known stays: %v", c.name(), err)
			} else {
				log.Warningf("%s: the API server does not answer, trying again, nothing has been listed yet: %v", c.name(), err)
			}
		}
	default:
		return false
	}
	return true
}

func (c *cluster) restConfig() (*rest.Config, error) {
	if c.kubeconfig == "" {
		config, err := rest.InClusterConfig()
		if err != nil {
			return nil, fmt.Errorf("not running in a cluster, and no kubeconfig given: write 'kubeconfig FILE' inside the braces: %w", err)
		}
		return config, nil
	}
	return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		&clientcmd.ClientConfigLoadingRules{ExplicitPath: c.kubeconfig},
		&clientcmd.ConfigOverrides{CurrentContext: c.context}).ClientConfig()
}

// resource says where objects are found in the API.
type resource struct {
	schema.GroupVersion
	plural string
	// builtin kinds are served over protobuf too, custom resources over JSON only.
	builtin bool
	// metadata is all that is asked for of each object.
	metadata bool
	// clusterWide objects are in no namespace.
	clusterWide bool
	// others are the versions that stand in where the API server does not serve Version, in order. Their
	// objects are the same as far as they are read here.
	others []string
	// namespace and name restrict the watch, to one object where both are set; labels is a selector.
	namespace, name, labels string
}

// in returns the resource as it is watched under filters: once, or once for each namespace.
func (r resource) in(f *filters) []resource {
	if len(f.namespaces) == 0 || r.clusterWide {
		return []resource{r}
	}
	var list []resource
	for _, namespace := range f.namespaces {
		r.namespace = namespace
		list = append(list, r)
	}
	return list
}

// accepted returns the media types in which objects are asked for.
func (r resource) accepted(what string) string {
	types := []string{runtime.ContentTypeJSON}
	if r.builtin {
		types = []string{runtime.ContentTypeProtobuf, runtime.ContentTypeJSON}
	}
	if r.metadata {
		for i := range types {
			types[i] += ";as=" + what + ";g=meta.k8s.io;v=v1"
		}
	}
	return strings.Join(types, ",")
}

// listWatch returns the list and watch calls for a resource. damaged is told of each item of a list that cannot be decoded
// so far that it has a name.
func (c *cluster) listWatch(r resource, objects objectReader, damaged func(error)) (cache.ListerWatcherWithContext, error) {
	conn := c.conn.Load()
	config := conn.clientConfig(objects, r.GroupVersion)
	client, err := rest.RESTClientForConfigAndClient(config, conn.http)
	if err != nil {
		return nil, err
	}
	request := func(o *metav1.ListOptions, what string) *rest.Request {
		o.LabelSelector = r.labels
		if r.name != "" {
			o.FieldSelector = fields.OneTermEqualSelector(metav1.ObjectNameField, r.name).String()
		}
		// Whoever calls tries again, and wants to know at once that there is need to.
		return client.Get().Namespace(r.namespace).Resource(r.plural).VersionedParams(o, metav1.ParameterCodec).
			SetHeader("Accept", r.accepted(what)).MaxRetries(0)
	}
	return &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
			if o.ResourceVersion == "0" { // not what an API server happens to have in memory, however old, but what there is
				o.ResourceVersion, o.Limit = "", 0
			}
			body, err := request(&o, "PartialObjectMetadataList").Stream(ctx)
			if err != nil {
				return nil, err
			}
			defer body.Close()
			return readList(body, objects, damaged)
		},
		WatchFuncWithContext: func(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
			o.Watch = true
			return request(&o, "PartialObjectMetadata").Watch(ctx)
		},
	}, nil
}

// discoveryTimeout bounds how long an API server may take to say what it serves.
const discoveryTimeout = 10 * time.Second

// served returns the resource in the first of its versions that the API server has (G7).
func (c *cluster) served(ctx context.Context, r resource) (resource, error) {
	if len(r.others) == 0 {
		return r, nil
	}
	ctx, cancel := context.WithTimeout(ctx, discoveryTimeout)
	defer cancel()
	for _, r := range r.versions() {
		ok, err := c.serves(ctx, r)
		if ok || err != nil {
			return r, err
		}
	}
	return r, apierrors.NewNotFound(r.WithResource(r.plural).GroupResource(), "")
}

// versions returns the resource in each of its versions.
func (r resource) versions() []resource {
	list := []resource{r}
	for _, version := range r.others {
		other := r
		other.Version = version
		list = append(list, other)
	}
	return list
}

// serves reports whether the API server has a resource in one version: what discovery says or, where that must not be read
// (R9), whether it can be asked for.
func (c *cluster) serves(ctx context.Context, r resource) (bool, error) {
	client, err := c.discovery()
	if err != nil {
		return false, err
	}
	list, err := client.ServerResourcesForGroupVersionWithContext(ctx, r.GroupVersion.String())
	if prohibited(err) {
		if err = c.probe(ctx, r); err == nil || prohibited(err) {
			return true, nil
		}
	}
	switch {
	case apierrors.IsNotFound(err):
		return false, nil
	case err != nil:
		return false, err
	}
	return slices.ContainsFunc(list.APIResources, func(a metav1.APIResource) bool { return a.Name == r.plural }), nil
}

// prohibited reports whether an error is an API server's own word that the client must not do something.
func prohibited(err error) bool {
	return apierrors.IsForbidden(err) && !apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse)
}

// probe asks for one object of a resource, and returns the error that comes of it.
func (c *cluster) probe(ctx context.Context, r resource) error {
	conn := c.conn.Load()
	client, err := rest.RESTClientForConfigAndClient(conn.clientConfig(statusOnly{}, r.GroupVersion), conn.http)
	if err != nil {
		return err
	}
	body, err := client.Get().Namespace(r.namespace).Resource(r.plural).Param("limit", "1").SetHeader("Accept", runtime.ContentTypeJSON).MaxRetries(0).Stream(ctx)
	if err != nil {
		return err
	}
	return body.Close()
}

func (c *cluster) discovery() (*discovery.DiscoveryClient, error) {
	conn := c.conn.Load()
	return discovery.NewDiscoveryClientForConfigAndClient(conn.config, conn.http)
}

// lacks reports whether the API server itself does not have a resource: in its list of what there is or, where that must
// not be read (R9), by what comes of asking. A 404 alone may be that of something in front of it.
func (c *cluster) lacks(ctx context.Context, r resource) bool {
	client, err := c.discovery()
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, discoveryTimeout)
	defer cancel()
	if !c.isAPIServer(ctx, client, r.namespace) {
		return false
	}
	for _, r := range r.versions() {
		if ok, err := c.serves(ctx, r); ok || err != nil {
			return false
		}
	}
	return true
}

// isAPIServer reports whether it is an API server that answers now, and not something in front of one: no API server is
// without the groups that are built in, or answers 404 to a list of what is.
func (c *cluster) isAPIServer(ctx context.Context, client *discovery.DiscoveryClient, namespace string) bool {
	var groups metav1.APIGroupList
	err := client.RESTClient().Get().AbsPath("/apis").MaxRetries(0).Do(ctx).Into(&groups)
	if err == nil {
		return slices.ContainsFunc(groups.Groups, func(g metav1.APIGroup) bool { return g.Name == networkingv1.GroupName })
	}
	if !prohibited(err) {
		return false
	}
	r := ingresses
	r.namespace = namespace
	err = c.probe(ctx, r)
	return err == nil || prohibited(err)
}

// clientConfig returns the configuration of a client for a group and version.
func (c *connection) clientConfig(objects objectReader, gv schema.GroupVersion) *rest.Config {
	config := rest.CopyConfig(c.config)
	config.GroupVersion = &gv
	config.APIPath = "/apis"
	if gv.Group == "" {
		config.APIPath = "/api"
	}
	config.NegotiatedSerializer = negotiatedSerializer{metaSerializer, objectDecoder{objects}}
	return config
}

func builtin(gv schema.GroupVersion, plural string) resource {
	return resource{GroupVersion: gv, plural: plural, builtin: true}
}

func custom(gv schema.GroupVersion, plural string, others ...string) resource {
	return resource{GroupVersion: gv, plural: plural, others: others}
}

func (r resource) String() string { return r.plural + "." + r.GroupVersion.String() }
