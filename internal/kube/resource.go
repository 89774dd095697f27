package kube

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

// Resource is a resource of the API, and the part of it that is watched.
type Resource struct {
	schema.GroupVersion
	Plural string
	// Builtin kinds are served over protobuf too, custom resources over JSON only.
	Builtin bool
	// metadata is true if only the metadata of objects is requested.
	metadata bool
	// clusterWide objects are in no namespace.
	clusterWide bool
	// others are the versions to use, in this order, if the API server does not serve Version. The plugin reads only fields that
	// are the same in all of them.
	others []string
	// Namespace, Name and Labels restrict the watch; Labels is a selector. If both Namespace and Name are set, it is for one object.
	Namespace, Name, Labels string
}

// The resources that are watched.
var (
	EndpointSlices  = builtin(discoveryv1.SchemeGroupVersion, "endpointslices")
	Ingresses       = builtin(networkingv1.SchemeGroupVersion, "ingresses") // every API server has these
	Services        = builtin(corev1.SchemeGroupVersion, "services")
	NamespaceLabels = Resource{GroupVersion: corev1.SchemeGroupVersion, Plural: "namespaces", Builtin: true, metadata: true, clusterWide: true}
	Nodes           = Resource{GroupVersion: corev1.SchemeGroupVersion, Plural: "nodes", Builtin: true, clusterWide: true}

	GatewayAPI     = schema.GroupVersion{Group: gatewayv1.GroupName, Version: "v1"}
	DNSEndpointAPI = schema.GroupVersion{Group: "externaldns.k8s.io", Version: "v1alpha1"}
)

// In returns the resources to watch for a list of namespaces: one for each namespace, or a single one if the list is empty.
func (r Resource) In(namespaces []string) []Resource {
	if len(namespaces) == 0 || r.clusterWide {
		return []Resource{r}
	}
	var list []Resource
	for _, namespace := range namespaces {
		r.Namespace = namespace
		list = append(list, r)
	}
	return list
}

// accepted returns the media types of a request. metadataType is the type to request if only metadata is requested.
func (r Resource) accepted(metadataType string) string {
	types := []string{runtime.ContentTypeJSON}
	if r.Builtin {
		types = []string{runtime.ContentTypeProtobuf, runtime.ContentTypeJSON}
	}
	if r.metadata {
		for i := range types {
			types[i] += ";as=" + metadataType + ";g=meta.k8s.io;v=v1"
		}
	}
	return strings.Join(types, ",")
}

// ListWatch returns the list and watch calls for a resource. damaged is called for each item of a list of which not even the
// name can be decoded.
func (c *Cluster) ListWatch(r Resource, objects objectReader, damaged func(error)) (cache.ListerWatcherWithContext, error) {
	conn := c.Conn.Load()
	config := conn.clientConfig(objects, r.GroupVersion)
	client, err := rest.RESTClientForConfigAndClient(config, conn.HTTP)
	if err != nil {
		return nil, err
	}
	request := func(o *metav1.ListOptions, metadataType string) *rest.Request {
		o.LabelSelector = r.Labels
		if r.Name != "" {
			o.FieldSelector = fields.OneTermEqualSelector(metav1.ObjectNameField, r.Name).String()
		}
		// No retries: the caller retries, and needs to know of each failure at once.
		return client.Get().Namespace(r.Namespace).Resource(r.Plural).VersionedParams(o, metav1.ParameterCodec).
			SetHeader("Accept", r.accepted(metadataType)).MaxRetries(0)
	}
	return &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
			if o.ResourceVersion == "0" { // request the current state, and not the possibly old cache of the API server
				o.ResourceVersion, o.Limit = "", 0
			}
			body, err := request(&o, "PartialObjectMetadataList").Stream(ctx)
			if err != nil {
				return nil, err
			}
			defer body.Close()
			return ReadList(body, objects, damaged)
		},
		WatchFuncWithContext: func(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
			o.Watch = true
			return request(&o, "PartialObjectMetadata").Watch(ctx)
		},
	}, nil
}

// clientConfig returns the configuration of a client for a group and version.
func (c *Connection) clientConfig(objects objectReader, gv schema.GroupVersion) *rest.Config {
	config := rest.CopyConfig(c.Config)
	config.GroupVersion = &gv
	config.APIPath = "/apis"
	if gv.Group == "" {
		config.APIPath = "/api"
	}
	config.NegotiatedSerializer = negotiatedSerializer{metaSerializer, ObjectDecoder{objects}}
	return config
}

func builtin(gv schema.GroupVersion, plural string) Resource {
	return Resource{GroupVersion: gv, Plural: plural, Builtin: true}
}

// Custom returns a custom resource. The other versions are used, in this order, if that of gv is not served.
func Custom(gv schema.GroupVersion, plural string, others ...string) Resource {
	return Resource{GroupVersion: gv, Plural: plural, others: others}
}

func (r Resource) String() string { return r.Plural + "." + r.GroupVersion.String() }
