// Package manifest reads Kubernetes objects from YAML, as kubectl does. It knows no API server.
package manifest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/json"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// Parse returns the objects of a YAML file. Namespaces come first, the other objects keep their order.
func Parse(manifests []byte) ([]*unstructured.Unstructured, error) {
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
		text, err := yaml.YAMLToJSON(document)
		if err == nil {
			err = json.Unmarshal(text, &obj.Object) // unlike Go's own, it keeps integers as they are
		}
		if err != nil {
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

// Describe names an object: its kind, and its namespace and name.
func Describe(obj *unstructured.Unstructured) string {
	if obj.GetNamespace() == "" {
		return obj.GetKind() + " " + obj.GetName()
	}
	return obj.GetKind() + " " + obj.GetNamespace() + "/" + obj.GetName()
}
