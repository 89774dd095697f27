package kube

import (
	"context"
	"errors"
	"slices"
	"time"

	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
)

// discoveryTimeout limits the wait for an API server's answer about what it serves.
const discoveryTimeout = 10 * time.Second

// ServedVersion returns the resource in the first of its versions that the API server has (G7).
func (c *Cluster) ServedVersion(ctx context.Context, r Resource) (Resource, error) {
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
	return r, apierrors.NewNotFound(r.WithResource(r.Plural).GroupResource(), "")
}

// versions returns the resource in each of its versions.
func (r Resource) versions() []Resource {
	list := []Resource{r}
	for _, version := range r.others {
		other := r
		other.Version = version
		list = append(list, other)
	}
	return list
}

// serves reports whether the API server has a resource in one version, according to discovery. If discovery may not be read
// (R9), it reports whether a request for the resource works.
func (c *Cluster) serves(ctx context.Context, r Resource) (bool, error) {
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
	return slices.ContainsFunc(list.APIResources, func(a metav1.APIResource) bool { return a.Name == r.Plural }), nil
}

// prohibited reports whether an error is the API server's own answer that the client may not do something.
func prohibited(err error) bool {
	return apierrors.IsForbidden(err) && !apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse)
}

// probe requests one object of a resource, and returns the error of that request.
func (c *Cluster) probe(ctx context.Context, r Resource) error {
	conn := c.Conn.Load()
	client, err := rest.RESTClientForConfigAndClient(conn.clientConfig(statusOnly{}, r.GroupVersion), conn.HTTP)
	if err != nil {
		return err
	}
	body, err := client.Get().Namespace(r.Namespace).Resource(r.Plural).Param("limit", "1").SetHeader("Accept", runtime.ContentTypeJSON).MaxRetries(0).Stream(ctx)
	if err != nil {
		return err
	}
	return body.Close()
}

// discovery returns a client that asks the API server what it serves.
func (c *Cluster) discovery() (*discovery.DiscoveryClient, error) {
	conn := c.Conn.Load()
	return discovery.NewDiscoveryClientForConfigAndClient(conn.Config, conn.HTTP)
}

// Lacks reports whether the API server itself does not have a resource, according to its list of resources. If that list may
// not be read (R9), a request for the resource decides. A single 404 is not enough: it may come from a proxy in front of the
// API server.
func (c *Cluster) Lacks(ctx context.Context, r Resource) bool {
	client, err := c.discovery()
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, discoveryTimeout)
	defer cancel()
	if !c.isAPIServer(ctx, client, r.Namespace) {
		return false
	}
	for _, r := range r.versions() {
		if ok, err := c.serves(ctx, r); ok || err != nil {
			return false
		}
	}
	return true
}

// isAPIServer reports whether an API server answers now, and not a proxy in front of one. Every API server has the built-in
// groups, and does not answer 404 to a request for a built-in resource.
func (c *Cluster) isAPIServer(ctx context.Context, client *discovery.DiscoveryClient, namespace string) bool {
	var groups metav1.APIGroupList
	err := client.RESTClient().Get().AbsPath("/apis").MaxRetries(0).Do(ctx).Into(&groups)
	if err == nil {
		return slices.ContainsFunc(groups.Groups, func(g metav1.APIGroup) bool { return g.Name == networkingv1.GroupName })
	}
	if !prohibited(err) {
		return false
	}
	r := Ingresses
	r.Namespace = namespace
	err = c.probe(ctx, r)
	return err == nil || prohibited(err)
}

// LacksNamespace reports whether the API server says that there is no such namespace.
func (c *Cluster) LacksNamespace(ctx context.Context, name string) bool {
	client, err := c.discovery()
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, discoveryTimeout)
	defer cancel()
	err = client.RESTClient().Get().AbsPath("/api/v1/namespaces/" + name).MaxRetries(0).Do(ctx).Error()
	var status apierrors.APIStatus
	return apierrors.IsNotFound(err) && errors.As(err, &status) && status.Status().Details != nil && status.Status().Details.Name == name
}
