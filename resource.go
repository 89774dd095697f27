package gateway

import (
	"context"
	"strings"

	corev1 "k8s.io/api/core/v1"

	discoveryv1 "k8s.io/api/discovery/v1"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

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

// What is watched.
var (
	endpointSlices  = builtin(discoveryv1.SchemeGroupVersion, "endpointslices")
	ingresses       = builtin(networkingv1.SchemeGroupVersion, "ingresses") // which every API server has
	services        = builtin(corev1.SchemeGroupVersion, "services")
	namespaceLabels = resource{GroupVersion: corev1.SchemeGroupVersion, plural: "namespaces", builtin: true, metadata: true, clusterWide: true}
	nodeObjects     = resource{GroupVersion: corev1.SchemeGroupVersion, plural: "nodes", builtin: true, clusterWide: true}

	gatewayAPI     = schema.GroupVersion{Group: gatewayv1.GroupName, Version: "v1"}
	dnsEndpointAPI = schema.GroupVersion{Group: "externaldns.k8s.io", Version: "v1alpha1"}
)

// in returns the resource as it is watched in some namespaces, none for all: once, or once for each.
func (r resource) in(namespaces []string) []resource {
	if len(namespaces) == 0 || r.clusterWide {
		return []resource{r}
	}
	var list []resource
	for _, namespace := range namespaces {
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
