package gateway

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	dnsendpointv1alpha1 "sigs.k8s.io/external-dns/apis/v1alpha1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// cluster is a Kubernetes API server and what is watched there.
type cluster struct {
	kubeconfig, context string // of the kubeconfig property; in-cluster where kubeconfig is empty

	config *rest.Config
	http   *http.Client
	codecs serializer.CodecFactory

	join *join // routes and what decides about them; nil unless a route kind is configured

	mu        sync.Mutex
	informers []*informer     // that are demanded
	late      atomic.Bool     // the startup grace is over
	run       func(*informer) // starts one; nil before start
}

// connect reads the credentials and prepares the clients. It does not talk to the API server.
func (c *cluster) connect() error {
	err := c.prepare()
	switch {
	case err == nil, c.kubeconfig == "":
		return err
	case clientcmd.IsEmptyConfig(err):
		return fmt.Errorf("kubeconfig %q holds no context with a cluster: want what kubectl can use", c.kubeconfig)
	}
	return fmt.Errorf("kubeconfig %q: %w", c.kubeconfig, err)
}

func (c *cluster) prepare() error {
	config, err := c.restConfig()
	if err != nil {
		return err
	}
	config.UserAgent = pluginName
	config.QPS = -1 // a handful of long watches need no throttle on our side
	if c.http, err = rest.HTTPClientFor(config); err != nil {
		return err
	}
	c.config = config
	if c.codecs, err = newCodecs(); err != nil {
		return err
	}
	_, err = c.listWatch(services)
	return err
}

// newCodecs returns what decodes the objects of the kinds.
func newCodecs() (serializer.CodecFactory, error) {
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, corev1.SchemeGroupVersion)
	for _, add := range []func(*runtime.Scheme) error{
		corev1.AddToScheme, discoveryv1.AddToScheme, networkingv1.AddToScheme, gatewayv1.Install, dnsendpointv1alpha1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			return serializer.CodecFactory{}, err
		}
	}
	for _, version := range []string{"v1alpha2", "v1alpha3"} {
		old := schema.GroupVersion{Group: gatewayv1.GroupName, Version: version}
		metav1.AddToGroupVersion(scheme, old)
		scheme.AddKnownTypes(old, &gatewayv1.TLSRoute{}, &gatewayv1.TLSRouteList{}, &gatewayv1.TCPRoute{},
			&gatewayv1.TCPRouteList{}, &gatewayv1.UDPRoute{}, &gatewayv1.UDPRouteList{})
	}
	return serializer.NewCodecFactory(scheme), nil
}

func (c *cluster) restConfig() (*rest.Config, error) {
	if c.kubeconfig == "" {
		config, err := rest.InClusterConfig()
		if err != nil {
			return nil, fmt.Errorf("no kubeconfig given, and not running in a cluster: %w", err)
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

// listWatch returns the list and watch calls for a resource.
func (c *cluster) listWatch(r resource) (cache.ListerWatcher, error) {
	if r.metadata {
		return c.metadataListWatch(r)
	}
	config := c.clientConfig(r.GroupVersion)
	if r.builtin {
		config.ContentType = runtime.ContentTypeProtobuf
		config.AcceptContentTypes = runtime.ContentTypeProtobuf + "," + runtime.ContentTypeJSON
	}
	client, err := rest.RESTClientForConfigAndClient(config, c.http)
	if err != nil {
		return nil, err
	}
	return cache.NewFilteredListWatchFromClient(client, r.plural, r.namespace, func(o *metav1.ListOptions) {
		o.LabelSelector = r.labels
		if r.name != "" {
			o.FieldSelector = fields.OneTermEqualSelector(metav1.ObjectNameField, r.name).String()
		}
	}), nil
}

// discoveryTimeout bounds how long an API server may take to say what it serves.
const discoveryTimeout = 10 * time.Second

// served returns the resource in the first of its versions that the API server has (G7).
func (c *cluster) served(ctx context.Context, r resource) (resource, error) {
	if len(r.others) == 0 {
		return r, nil
	}
	client, err := discovery.NewDiscoveryClientForConfigAndClient(c.config, c.http)
	if err != nil {
		return r, err
	}
	ctx, cancel := context.WithTimeout(ctx, discoveryTimeout)
	defer cancel()
	for _, version := range append([]string{r.Version}, r.others...) {
		r.Version = version
		list, err := client.ServerResourcesForGroupVersionWithContext(ctx, r.GroupVersion.String())
		switch {
		case apierrors.IsNotFound(err):
			continue
		case err != nil:
			return r, err
		}
		if slices.ContainsFunc(list.APIResources, func(a metav1.APIResource) bool { return a.Name == r.plural }) {
			return r, nil
		}
	}
	return r, apierrors.NewNotFound(r.WithResource(r.plural).GroupResource(), "")
}

// clientConfig returns the configuration of a client for a group and version.
func (c *cluster) clientConfig(gv schema.GroupVersion) *rest.Config {
	config := rest.CopyConfig(c.config)
	config.GroupVersion = &gv
	config.APIPath = "/apis"
	if gv.Group == "" {
		config.APIPath = "/api"
	}
	config.NegotiatedSerializer = c.codecs.WithoutConversion()
	return config
}

func (c *cluster) metadataListWatch(r resource) (cache.ListerWatcher, error) {
	client, err := metadata.NewForConfigAndClient(metadata.ConfigFor(c.config), c.http)
	if err != nil {
		return nil, err
	}
	objects := client.Resource(r.WithResource(r.plural))
	return &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
			return objects.List(ctx, o)
		},
		WatchFuncWithContext: func(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
			return objects.Watch(ctx, o)
		},
	}, nil
}

func builtin(gv schema.GroupVersion, plural string) resource {
	return resource{GroupVersion: gv, plural: plural, builtin: true}
}

func custom(gv schema.GroupVersion, plural string, others ...string) resource {
	return resource{GroupVersion: gv, plural: plural, others: others}
}

func (r resource) String() string { return r.plural + "." + r.GroupVersion.String() }
