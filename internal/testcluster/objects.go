package testcluster

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/manifest"
)

// fieldManager is the name that objects are applied under.
const fieldManager = "testcluster"

// pollEvery is how often a condition is looked at that nothing tells of.
const pollEvery = 20 * time.Millisecond

// objects writes manifests to an API server.
type objects struct {
	client dynamic.Interface
	mapper *restmapper.DeferredDiscoveryRESTMapper
}

func newObjects(config *rest.Config) (*objects, error) {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	discovery, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(discovery))
	return &objects{client: client, mapper: mapper}, nil
}

// apply creates or updates the objects of a YAML file and writes their statuses.
func (o *objects) apply(ctx context.Context, manifests []byte) error {
	list, err := manifest.Parse(manifests)
	if err != nil {
		return err
	}
	for _, obj := range list {
		if err := o.applyOne(ctx, obj); err != nil {
			return fmt.Errorf("applying %s: %w", manifest.Describe(obj), err)
		}
	}
	return nil
}

func (o *objects) applyOne(ctx context.Context, obj *unstructured.Unstructured) error {
	resource, err := o.resource(obj)
	if err != nil {
		return err
	}
	status, hasStatus := obj.Object["status"]
	delete(obj.Object, "status")
	if _, err := resource.Apply(ctx, obj.GetName(), obj, metav1.ApplyOptions{FieldManager: fieldManager, Force: true}); err != nil {
		return err
	}
	if obj.GetKind() == "CustomResourceDefinition" {
		return o.awaitServed(ctx, obj)
	}
	if !hasStatus {
		return nil
	}
	// The whole status at once, as a controller writes it. Apply would not do:
	// it takes a Node for broken that has two addresses of one type.
	patch, err := json.Marshal([]map[string]any{{"op": "add", "path": "/status", "value": status}})
	if err != nil {
		return err
	}
	if _, err := resource.Patch(ctx, obj.GetName(), types.JSONPatchType, patch, metav1.PatchOptions{FieldManager: fieldManager}, "status"); err != nil {
		return fmt.Errorf("status: %w", err)
	}
	return nil
}

// awaitServed waits until the kinds of a CRD can be found.
func (o *objects) awaitServed(ctx context.Context, crd *unstructured.Unstructured) error {
	group, _, _ := unstructured.NestedString(crd.Object, "spec", "group")
	kind, _, _ := unstructured.NestedString(crd.Object, "spec", "names", "kind")
	versions, _, _ := unstructured.NestedSlice(crd.Object, "spec", "versions")
	for _, v := range versions {
		version, _ := v.(map[string]any)
		if served, _, _ := unstructured.NestedBool(version, "served"); !served {
			continue
		}
		name, _, _ := unstructured.NestedString(version, "name")
		err := wait.PollUntilContextCancel(ctx, pollEvery, true, func(context.Context) (bool, error) {
			o.mapper.Reset()
			_, err := o.mapper.RESTMapping(schema.GroupKind{Group: group, Kind: kind}, name)
			return err == nil, nil
		})
		if err != nil {
			return fmt.Errorf("waiting for version %s to be served: %w", name, err)
		}
	}
	return nil
}

// delete deletes the objects of a YAML file, the last one first.
func (o *objects) delete(ctx context.Context, manifests []byte) error {
	list, err := manifest.Parse(manifests)
	if err != nil {
		return err
	}
	for _, obj := range slices.Backward(list) {
		resource, err := o.resource(obj)
		if err == nil {
			err = resource.Delete(ctx, obj.GetName(), metav1.DeleteOptions{})
		}
		if err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("deleting %s: %w", manifest.Describe(obj), err)
		}
	}
	return nil
}

// resource returns the client for an object, and gives the object the
// namespace "default" if it needs one and has none.
func (o *objects) resource(obj *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	gvk := obj.GroupVersionKind()
	mapping, err := o.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	if meta.IsNoMatchError(err) { // what the mapper knows may be old
		o.mapper.Reset()
		mapping, err = o.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	}
	if err != nil {
		return nil, err
	}
	resource := o.client.Resource(mapping.Resource)
	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		return resource, nil
	}
	if obj.GetNamespace() == "" {
		obj.SetNamespace(metav1.NamespaceDefault)
	}
	return resource.Namespace(obj.GetNamespace()), nil
}
