package manifest

import (
	"strings"
	"testing"
)

func TestParseOrder(t *testing.T) {
	list, err := Parse([]byte(`# a comment only
---
apiVersion: v1
kind: ConfigMap
metadata: {name: first, namespace: ns}
---
apiVersion: v1
kind: Namespace
metadata: {name: ns}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: second, namespace: ns}
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, obj := range list {
		got = append(got, Describe(obj))
	}
	if want := "Namespace ns, ConfigMap ns/first, ConfigMap ns/second"; strings.Join(got, ", ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestParseErrors(t *testing.T) {
	for name, manifests := range map[string]string{
		"no name":  "apiVersion: v1\nkind: ConfigMap\n",
		"no kind":  "apiVersion: v1\nmetadata: {name: x}\n",
		"not yaml": "a: b: c\n",
		"a list":   "- a\n- b\n",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Parse([]byte(manifests)); err == nil || !strings.Contains(err.Error(), "document 1") {
				t.Errorf("got %v, want an error that names the document", err)
			}
		})
	}
}
