package store

import (
	"cmp"
	"strings"
)

// Key identifies an object among those of its resource (metadata.namespace and metadata.name of the Kubernetes API). The
// namespace of a cluster-scoped object is empty.
type Key struct{ Namespace, Name string }

// String returns the key as client-go writes it: "namespace/name", or "name" for a cluster-scoped object.
func (k Key) String() string {
	if k.Namespace == "" {
		return k.Name
	}
	return k.Namespace + "/" + k.Name
}

// ParseKey reads what String writes.
func ParseKey(key string) Key {
	namespace, name, ok := strings.Cut(key, "/")
	if !ok {
		namespace, name = "", key
	}
	return Key{namespace, name}
}

// Compare orders keys by namespace, then by name.
func (k Key) Compare(l Key) int {
	return cmp.Or(cmp.Compare(k.Namespace, l.Namespace), cmp.Compare(k.Name, l.Name))
}
