package soak

import (
	"context"
	"maps"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"

	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

// snapshot is what is in the cluster, as the API server says.
type snapshot struct {
	objects   *model.Objects
	manifests map[model.Ref]object
}

// read lists everything. Nobody may change anything in the meantime.
func read(ctx context.Context, client dynamic.Interface) (*snapshot, error) {
	s := &snapshot{&model.Objects{}, map[model.Ref]object{}}
	for _, kind := range slices.Sorted(maps.Keys(apis)) {
		gv, err := schema.ParseGroupVersion(apis[kind])
		if err != nil {
			return nil, err
		}
		list, err := client.Resource(gv.WithResource(plural(kind))).List(ctx, metav1.ListOptions{})
		if err != nil {
			return nil, err
		}
		for _, item := range list.Items {
			item.SetManagedFields(nil)
			if err := s.objects.Add(item.Object); err != nil {
				return nil, err
			}
			s.manifests[model.Ref{Kind: kind, Namespace: item.GetNamespace(), Name: item.GetName()}] = item.Object
		}
	}
	return s, nil
}

func plural(kind string) string {
	if kind == "Ingress" {
		return "ingresses"
	}
	return strings.ToLower(kind) + "s"
}

// with returns everything together with other versions of it.
func (s *snapshot) with(versions []object) (*model.Objects, error) {
	all := s.objects.Clone()
	for _, o := range versions {
		if err := all.Add(o); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// manifest returns what there is to say about an object, for people.
func (s *snapshot) manifest(r model.Ref) string {
	o := s.manifests[r]
	if o == nil {
		return r.String() + " is not there"
	}
	o = maps.Clone(o)
	delete(o, "apiVersion")
	o["metadata"] = maps.Clone(o["metadata"].(object))
	maps.DeleteFunc(o["metadata"].(object), func(key string, _ any) bool {
		return !slices.Contains([]string{"name", "namespace", "labels", "annotations"}, key)
	})
	content, err := yaml.Marshal(o)
	if err != nil {
		return err.Error()
	}
	return string(content)
}
