package docs

import (
	"maps"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

var (
	metric   = regexp.MustCompile(`coredns_k8s_gateway_\w+`)
	labelled = regexp.MustCompile("(?m)^\\* `(coredns_k8s_gateway_\\w+)(?:{([a-z, ]+)})?`")
)

// metrics are the plugin's, with their labels.
func metrics(t *testing.T) map[string]string {
	t.Helper()
	// In this way most of it is in the build cache.
	list := exec.Command("go", "run", "-trimpath", "-tags=grpcnotrace", "./test/metrics")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if name, labels, _ := strings.Cut(strings.TrimSpace(line), " "); metric.MatchString(name) {
			all[name] = labels
		}
	}
	return all
}

// The README has every metric with its labels, and no page names one that is not there.
func TestMetrics(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles CoreDNS")
	}
	all := metrics(t)
	for _, p := range pages(t) {
		if p.path == "README.md" {
			listed := map[string]string{}
			for _, m := range labelled.FindAllStringSubmatch(p.prose, -1) {
				listed[m[1]] = strings.ReplaceAll(m[2], ", ", " ")
			}
			if !maps.Equal(listed, all) {
				t.Errorf("README.md lists\n%v\nand there are\n%v", listed, all)
			}
		}
		for _, name := range metric.FindAllString(p.prose, -1) {
			if _, ok := all[name]; !ok {
				t.Errorf("%s: there is no metric %s", p.path, name)
			}
		}
	}
}
