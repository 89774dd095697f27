package chart

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/kubectl/pkg/cmd"
)

const root = "../.."

var (
	fence  = regexp.MustCompile("^(```|~~~)")
	typed  = regexp.MustCompile(`^(?:\$ )?((?:helm|kubectl) .*)$`)
	inline = regexp.MustCompile("`((?:helm|kubectl|--set) [^`]+)`")
)

// typedOnPages returns what the pages tell to type for a program, each with its place. A --set in a sentence belongs to
// the installation of the quick start.
func typedOnPages(t *testing.T, program string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "charts/*/README.md"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			inBlock := false
			for line := range strings.Lines(read(t, file)) {
				if fence.MatchString(line) {
					inBlock = !inBlock
				}
				var lines []string
				if m := typed.FindStringSubmatch(strings.TrimSpace(line)); m != nil && (inBlock || strings.HasPrefix(line, "    ")) {
					lines = append(lines, m[1])
				} else if !inBlock {
					for _, m := range inline.FindAllStringSubmatch(line, -1) {
						lines = append(lines, m[1])
					}
				}
				for _, l := range lines {
					if strings.HasPrefix(l, "--set") {
						l = "helm install dns charts/k8s-gateway --namespace dns --create-namespace --set domain=example.com " + l
					}
					if strings.HasPrefix(l, program+" ") {
						all[l] = filepath.Base(file)
					}
				}
			}
		}
	}
	if len(all) < 5 {
		t.Fatalf("%d commands of %s: are they recognised?", len(all), program)
	}
	return all
}

// words has a shell tell the arguments of each call of a program in a line. Nothing else runs.
func words(t *testing.T, program, line string) (calls [][]string) {
	t.Helper()
	script := `helm() { :; }; kubectl() { :; }; base64() { :; }
` + program + `() { printf '%s\0' "$@" >> "$CALLS"; printf '\n' >> "$CALLS"; }
` + line
	dir := t.TempDir()
	shell := exec.Command("/bin/sh", "-c", script)
	shell.Dir, shell.Env = dir, []string{"PATH=/nonexistent", "CALLS=" + filepath.Join(dir, "calls")}
	if out, err := shell.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", line, err, out)
	}
	for call := range strings.Lines(read(t, filepath.Join(dir, "calls"))) {
		calls = append(calls, strings.Split(strings.TrimSuffix(call, "\x00\n"), "\x00"))
	}
	return calls
}

// What the pages say to install is installed: Helm knows the flags, the schema the values, and the API server the objects.
func TestHelmCommandsOnPages(t *testing.T) {
	cluster := start(t)
	program, err := exec.Command("go", "tool", "-n", "helm").Output()
	if err != nil {
		t.Fatal(err)
	}
	helm := func(args ...string) error {
		command := exec.Command(strings.TrimSpace(string(program)), args...)
		command.Dir, command.Env = root, append(os.Environ(), "KUBECONFIG="+cluster.Kubeconfig(), "HOME="+t.TempDir())
		if out, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	}
	apply(t, cluster, "apiVersion: v1\nkind: Namespace\nmetadata: {name: dns}\n") // one page makes it, another relies on it
	for line, page := range typedOnPages(t, "helm") {
		for _, args := range words(t, "helm", line) {
			if args[0] == "upgrade" { // of what the page had installed
				if err := helm("install", args[1], args[2], "--namespace", "dns", "--set", "domain=example.com"); err != nil {
					t.Fatal(err)
				}
			}
			if err := helm(args...); err != nil {
				t.Errorf("%s: %s: %v", page, line, err)
			}
			if args[0] == "install" || args[0] == "upgrade" {
				if err := helm("uninstall", args[1], "--namespace", "dns"); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// What the pages say to ask kubectl for, it knows, with all flags; and what they call objects of the chart is what it makes.
func TestKubectlCommandsOnPages(t *testing.T) {
	made := map[string]bool{}
	values := map[string]any{"domain": "example.com", "fullnameOverride": "dns-k8s-gateway"}
	for _, o := range objects(t, renderValues(t, "dns", values).Manifest) {
		made[strings.ToLower(o.Kind)+"/"+o.Metadata.Name] = true
	}
	for line, page := range typedOnPages(t, "kubectl") {
		for _, args := range words(t, "kubectl", line) {
			command, rest, err := kubectl().Find(args)
			if err == nil {
				err = command.ParseFlags(rest)
			}
			if err == nil && command.HasSubCommands() && command.Flags().NArg() > 0 {
				err = fmt.Errorf("unknown command %q", command.Flags().Arg(0))
			}
			if err != nil {
				t.Errorf("%s: %s: %v", page, line, err)
			}
			for _, arg := range rest {
				kind, _, ok := strings.Cut(arg, "/")
				if ok && (kind == "service" || kind == "deployment") && !made[arg] {
					t.Errorf("%s: %s: the chart does not make %s", page, line, arg)
				}
			}
		}
	}
}

func kubectl() *cobra.Command {
	return cmd.NewKubectlCommand(cmd.KubectlOptions{IOStreams: genericiooptions.NewTestIOStreamsDiscard()})
}

var valuesBlock = regexp.MustCompile("(?ms)^```yaml\n((?:servers|kubeconfigs|extraZonePlugins|watchedResources):.*?)^```")

// The values that pages have are values of the chart.
func TestValuesOnPages(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "docs/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		for _, m := range valuesBlock.FindAllStringSubmatch(read(t, file), -1) {
			found++
			if _, err := tryRender(t, "dns", m[1]); err != nil {
				t.Errorf("%s: %v", filepath.Base(file), err)
			}
		}
	}
	if found == 0 {
		t.Error("no values: are they recognised?")
	}
}
