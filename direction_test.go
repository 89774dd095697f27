package gateway_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rooms are the packages that the plugin is made of, from top to bottom. A package imports only packages below it.
var rooms = []string{
	"", "/internal/explain", "/internal/statuspage", "/internal/resolve", "/internal/nameserver", "/internal/source", "/internal/gatewayapi", "/internal/object", "/internal/health", "/internal/steer", "/internal/zone", "/internal/kube", "/internal/record", "/internal/store", "/internal/target", "/internal/dnsname",
	"/internal/subnet", "/internal/place", "/internal/wording", "/internal/telemetry", "/internal/pace",
}

// Data flows one way through the packages: no package imports one above it, and none imports a package of the tests.
func TestImportsGoDown(t *testing.T) {
	const module = "github.com/k8s-gateway/k8s_gateway/v2"
	args := []string{"list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}"}
	for _, room := range rooms {
		args = append(args, module+room)
	}
	output, err := exec.Command("go", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, output)
	}
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	if len(lines) != len(rooms) {
		t.Fatalf("go list names %d packages, want %d:\n%s", len(lines), len(rooms), output)
	}
	for _, line := range lines {
		packages := strings.Fields(line)
		importer := strings.TrimPrefix(packages[0], module)
		for _, imported := range packages[1:] {
			room, own := strings.CutPrefix(imported, module)
			if own && slices.Index(rooms, room) <= slices.Index(rooms, importer) {
				t.Errorf("%s imports %s, which is not below it", packages[0], imported)
			}
		}
	}
}
