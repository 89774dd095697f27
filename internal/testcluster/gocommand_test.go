package testcluster

import (
	"errors"
	"strings"
	"testing"
)

// What the go command says when something outside the repository is wrong
// becomes one line that says so.
func TestExplain(t *testing.T) {
	for name, tc := range map[string]struct {
		lines []string
		want  string
	}{
		"old go": {
			[]string{"go: go.mod requires go >= 1.26.0 (running go 1.24.1; GOTOOLCHAIN=local)"},
			"go is too old: go.mod requires go >= 1.26.0 (running go 1.24.1; GOTOOLCHAIN=local)",
		},
		"no network": {
			[]string{
				"go: downloading github.com/spf13/pflag v1.0.9",
				`serve.go:7:2: github.com/spf13/pflag@v1.0.9: Get "https://proxy.golang.org/x.zip": dial tcp: lookup proxy.golang.org: no such host`,
			},
			"cannot download Go modules, is there a network? serve.go:7:2: github.com/spf13/pflag",
		},
		"proxy off": {
			[]string{"serve.go:7:2: module lookup disabled by GOPROXY=off"},
			"cannot download Go modules, is there a network? serve.go:7:2: module lookup disabled",
		},
		"compile error": {
			[]string{
				"k8s.io/klog/v2", "errors",
				"# github.com/k8s-gateway/k8s_gateway/v2/test/apiserver",
				"./main.go:3:1: syntax error",
			},
			"go build: exit status 1: # github.com/k8s-gateway/k8s_gateway/v2/test/apiserver; ./main.go:3:1: syntax error",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := explain("build", tc.lines, errors.New("exit status 1")).Error()
			if !strings.HasPrefix(got, tc.want) {
				t.Errorf("got  %s\nwant %s…", got, tc.want)
			}
			if strings.Contains(got, "\n") {
				t.Errorf("more than one line: %q", got)
			}
		})
	}
}
