package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var program = regexp.MustCompile(`(?m)^ExecStart=\S+`)

// A unit on a page is one that systemd has nothing to say against.
func TestUnits(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("needs systemd-analyze")
	}
	units := 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			name, ok := strings.CutPrefix(strings.SplitN(b.text, "\n", 2)[0], "# /etc/systemd/system/")
			if !ok {
				continue
			}
			units++
			// The program need not be installed here.
			text := program.ReplaceAllString(b.text, "ExecStart=/bin/true")
			file := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			// It also reads units that this machine has.
			said, err := exec.Command(analyze, "verify", file).CombinedOutput()
			if err != nil || strings.Contains(string(said), name) {
				t.Errorf("%s:%d: %v: %s", p.path, b.line, err, said)
			}
		}
	}
	if units == 0 {
		t.Error("no unit: is it recognised?")
	}
}
