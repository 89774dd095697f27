package testcluster

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"sigs.k8s.io/yaml"
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
	list, err := parse(manifests)
	if err != nil {
		return err
	}
	for _, obj := range list {
		if err := o.applyOne(ctx, obj); err != nil {
			return fmt.Errorf("applying %s: %w", describe(obj), err)
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
	list, err := parse(manifests)
	if err != nil {
		return err
	}
	for _, obj := range slices.Backward(list) {
		resource, err := o.resource(obj)
		if err == nil {
			err = resource.Delete(ctx, obj.GetName(), metav1.DeleteOptions{})
		}
		if err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("deleting %s: %w", describe(obj), err)
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

// parse reads the objects of a YAML file. Namespaces come first, the rest
// stays in order.
func parse(manifests []byte) ([]*unstructured.Unstructured, error) {
	var namespaces, rest []*unstructured.Unstructured
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(manifests)))
	for n := 1; ; n++ {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return append(namespaces, rest...), nil
		}
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", n, err)
		}
		obj := &unstructured.Unstructured{}
		if err := yaml.Unmarshal(document, &obj.Object); err != nil {
			return nil, fmt.Errorf("document %d: %w", n, err)
		}
		switch {
		case len(obj.Object) == 0:
		case obj.GetKind() == "" || obj.GetAPIVersion() == "" || obj.GetName() == "":
			return nil, fmt.Errorf("document %d: apiVersion, kind and metadata.name are required", n)
		case obj.GetKind() == "Namespace":
			namespaces = append(namespaces, obj)
		default:
			rest = append(rest, obj)
		}
	}
}

// describe names an object for an error message.
func describe(obj *unstructured.Unstructured) string {
	if obj.GetNamespace() == "" {
		return obj.GetKind() + " " + obj.GetName()
	}
	return obj.GetKind() + " " + obj.GetNamespace() + "/" + obj.GetName()
}
