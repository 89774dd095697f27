package chart

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write what is generated")

// fresh holds a generated file to what it should be, or writes it.
func fresh(t *testing.T, file, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got := read(t, file); got != want {
		t.Errorf("%s is not fresh: go test -C test/chart -run Fresh -update", file)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// The chart has the alerts and the dashboard of the examples.
func TestFreshMonitoring(t *testing.T) {
	for to, from := range map[string]string{"alerts.yaml": "alerts.yaml", "grafana-dashboard.json": "grafana-dashboard.json"} {
		fresh(t, dir+"/files/"+to, read(t, "../../examples/monitoring/"+from))
	}
}

const installHead = `# The nameserver without Helm: what the chart makes of its defaults, for the zone example.com. Put your zone in its place,
# then: kubectl apply -f install.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: dns
---
`

// The plain manifest is what the chart makes of its defaults.
func TestFreshInstall(t *testing.T) {
	manifest := render(t, "dns", "domain: example.com").Manifest
	// Without Helm nothing is managed by it, and nothing tells it from which template it comes.
	manifest = regexp.MustCompile(`(?m)^# Source: .*\n|^ +(app.kubernetes.io/managed-by|helm.sh/chart): .*\n`).ReplaceAllString(manifest, "")
	fresh(t, "../../examples/install.yaml", installHead+strings.TrimPrefix(manifest, "---\n"))
}

// The README's table says what the comments in values.yaml do.
func TestFreshREADME(t *testing.T) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(read(t, dir+"/values.yaml")), &root); err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	table.WriteString("| value | default | what it is |\n|---|---|---|\n")
	rows(t, &table, "", root.Content[0])
	const start, end = "<!-- values -->\n", "<!-- end of values -->"
	readme := read(t, dir+"/README.md")
	head, rest, ok := strings.Cut(readme, start)
	_, tail, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("README.md has no %s", start)
	}
	fresh(t, dir+"/README.md", head+start+table.String()+end+tail)
}

// rows writes a row for each value that has a comment of its own, and goes into those that have none.
func rows(t *testing.T, table *strings.Builder, prefix string, values *yaml.Node) {
	for i := 0; i < len(values.Content); i += 2 {
		key, value := values.Content[i], values.Content[i+1]
		name, comment := prefix+key.Value, strings.TrimPrefix(key.HeadComment, "# ")
		switch {
		case comment != "":
			if strings.Contains(comment, "\n") {
				t.Errorf("%s: one line of description is enough", name)
			}
			fmt.Fprintf(table, "| `%s` | %s | %s |\n", name, shown(t, value), strings.ReplaceAll(comment, "|", `\|`))
		case value.Kind == yaml.MappingNode && len(value.Content) > 0:
			rows(t, table, name+".", value)
		default:
			t.Errorf("%s has no description", name)
		}
	}
}

// shown is a default in a table, in one line.
func shown(t *testing.T, value *yaml.Node) string {
	var v any
	if err := value.Decode(&v); err != nil {
		t.Fatal(err)
	}
	if v == "" {
		return ""
	}
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return "`" + strings.Trim(string(text), `"`) + "`"
}

// The schema knows every value, and no other.
func TestSchemaHasEveryValue(t *testing.T) {
	described := map[string]bool{}
	describe(described, "", strictSchema(t))
	for name := range leaves("", load(t).Values) {
		if !described[name] {
			t.Errorf("the schema does not know %s", name)
		}
		delete(described, name)
	}
	delete(described, "global")
	for _, name := range slices.Sorted(maps.Keys(described)) {
		if name != "podDisruptionBudget.minAvailable" && name != "podDisruptionBudget.unhealthyPodEvictionPolicy" && !strings.Contains(name, "Probe.") {
			t.Errorf("values.yaml does not have %s", name)
		}
	}
}

// strictSchema is what the chart checks the values against.
func strictSchema(t *testing.T) map[string]any {
	t.Helper()
	var schema map[string]any
	if err := json.Unmarshal([]byte(read(t, dir+"/files/schema.json")), &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

// Helm's own schema has the names alone, for editors: what Helm refuses by itself keeps the chart from saying the rest.
func TestFreshSchema(t *testing.T) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(read(t, dir+"/values.yaml")), &root); err != nil {
		t.Fatal(err)
	}
	loose := named(strictSchema(t), root.Content[0])
	loose["$schema"], loose["title"] = "http://json-schema.org/draft-07/schema#", "Values of k8s-gateway; what each may be is in files/schema.json"
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(loose); err != nil {
		t.Fatal(err)
	}
	fresh(t, dir+"/values.schema.json", text.String())
}

// named is a schema of names, with the comments of values.yaml.
func named(schema map[string]any, values *yaml.Node) map[string]any {
	loose := map[string]any{}
	properties, _ := schema["properties"].(map[string]any)
	if len(properties) == 0 {
		return loose
	}
	inner := map[string]any{}
	for name, s := range properties {
		inner[name] = named(s.(map[string]any), nil)
	}
	for i := 0; values != nil && i+1 < len(values.Content); i += 2 {
		key, value := values.Content[i], values.Content[i+1]
		s, _ := properties[key.Value].(map[string]any)
		loose := named(s, value)
		if key.HeadComment != "" {
			loose["description"] = strings.TrimPrefix(key.HeadComment, "# ")
		}
		inner[key.Value] = loose
	}
	loose["properties"] = inner
	return loose
}

// describe collects the values that a schema has, those of lists aside.
func describe(names map[string]bool, prefix string, schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	for name, s := range properties {
		s, _ := s.(map[string]any)
		if inner, _ := s["properties"].(map[string]any); len(inner) > 0 {
			describe(names, prefix+name+".", s)
			continue
		}
		names[prefix+name] = true
	}
}

// leaves are the names of values. Those in maps that a user fills are not values of the chart.
func leaves(prefix string, values map[string]any) map[string]bool {
	names := map[string]bool{}
	for name, v := range values {
		inner, _ := v.(map[string]any)
		if len(inner) == 0 || slices.Contains([]string{"resources", "podSecurityContext", "securityContext", "dashboard.labels"}, prefix+name) {
			names[prefix+name] = true
			continue
		}
		maps.Copy(names, leaves(prefix+name+".", inner))
	}
	return names
}
