package test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// crd returns the CRD of a resource of the Gateway API, as the modules in go.mod
// have it. With versions it serves only these, the first of them stored.
func crd(t *testing.T, resource string, versions ...string) string {
	t.Helper()
	dirs, err := testcluster.StandardCRDs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var content []byte
	for _, dir := range dirs {
		if content, err = os.ReadFile(filepath.Join(dir, "gateway.networking.k8s.io_"+resource+".yaml")); err == nil {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(versions) == 0 {
		return string(content)
	}
	var parsed map[string]any
	if err := yaml.Unmarshal(content, &parsed); err != nil {
		t.Fatal(err)
	}
	spec := parsed["spec"].(map[string]any)
	spec["versions"] = slices.DeleteFunc(spec["versions"].([]any), func(v any) bool {
		version := v.(map[string]any)
		i := slices.Index(versions, version["name"].(string))
		version["served"], version["storage"] = i >= 0, i == 0
		return i < 0
	})
	delete(parsed, "status")
	if content, err = yaml.Marshal(parsed); err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// writeCRD writes a CRD to a file of its own and returns where.
func writeCRD(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "crd.yaml")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
