package docs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"
)

// patience is how long something may take to start, or a change to be answered with.
const patience = 20 * time.Second

// What a page says to write is written, and what it says to ask is asked.
func TestPages(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a real API server")
	}
	ran := 0
	for _, p := range pages(t) {
		t.Run(p.path, func(t *testing.T) { ran += p.try(t) })
	}
	if ran < 10 {
		t.Errorf("%d Corefiles and questions on all pages: are they recognised?", ran)
	}
}

// try does what a page says, and returns how much of it was done.
func (p *page) try(t *testing.T) (done int) {
	files := map[string]string{}
	changes := map[int][]string{} // manifests of objects that stand on the page before, by their block
	seen := map[string]bool{}
	for i, b := range p.blocks {
		if b.language != "yaml" {
			if b.file != "" {
				files[b.file] = b.text
			}
			continue
		}
		for _, doc := range p.manifests(t, b) {
			if seen[b.file+doc.name] {
				changes[i] = append(changes[i], doc.text)
				continue
			}
			seen[b.file+doc.name] = true
			p.apply(t, b, doc.text)
		}
	}
	var server *coredns
	for i, b := range p.blocks {
		at := fmt.Sprintf("%s:%d", p.path, b.line)
		for _, text := range changes[i] {
			p.apply(t, b, text)
		}
		switch b.language {
		case "corefile":
			server = start(t, at, localize(t, b.text, files))
			done++
		case "console":
			for _, c := range commands(b.text) {
				done += c.try(t, at, server)
			}
		case "sh":
			for line := range strings.Lines(b.text) {
				(&command{words: strings.Fields(line)}).exists(t, at)
			}
		}
	}
	return done
}

// document is an object in a block.
type document struct {
	name string // with its kind
	text string
}

// manifests returns the objects of a block.
func (p *page) manifests(t *testing.T, b block) (list []document) {
	for _, text := range regexp.MustCompile(`(?m)^---$`).Split(b.text, -1) {
		var object struct {
			APIVersion, Kind string
			Metadata         struct{ Namespace, Name string }
		}
		if err := yaml.Unmarshal([]byte(text), &object); err != nil {
			t.Errorf("%s:%d: %v", p.path, b.line, err)
			continue
		}
		if object.Kind != "" { // not values of the chart, or a part of an object
			list = append(list, document{fmt.Sprint(object.Kind, " ", object.Metadata), text})
		}
	}
	return list
}

// apply applies a manifest to the cluster of its block, for as long as the page is tried.
func (p *page) apply(t *testing.T, b block, manifest string) {
	cluster := clusterNamed(t, b.file)
	if err := cluster.Apply(t.Context(), []byte(manifest)); err != nil {
		if !strings.Contains(err.Error(), "no matches for kind") { // somebody else's kind
			t.Errorf("%s:%d: %v", p.path, b.line, err)
		}
		return
	}
	t.Cleanup(func() {
		if err := cluster.Delete(context.Background(), []byte(manifest)); err != nil {
			t.Error(err)
		}
	})
}

// command is one that a console block shows, and what it prints.
type command struct {
	words  []string
	output []string
}

func commands(text string) (list []*command) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if typed, ok := strings.CutPrefix(line, "$ "); ok {
			list = append(list, &command{words: strings.Fields(typed)})
		} else if line != "" && len(list) > 0 {
			c := list[len(list)-1]
			c.output = append(c.output, line)
		}
	}
	return list
}

// try runs a question, or checks that the command exists. It returns how many questions were asked.
func (c *command) try(t *testing.T, at string, server *coredns) int {
	c.exists(t, at)
	if c.words[0] != "dig" || len(c.output) == 0 {
		return 0
	}
	q, err := dig(c.words)
	if err != nil { // exists has said so
		return 0
	}
	if server == nil {
		t.Errorf("%s: a question, and no Corefile before it", at)
		return 0
	}
	if !c.asks(t, at, q, server) {
		return 0
	}
	return 1
}

// exists checks a command that is not run: targets of make are in the Makefile, and manifests that kubectl is to
// apply are there.
func (c *command) exists(t *testing.T, at string) {
	t.Helper()
	if len(c.words) < 2 || strings.HasPrefix(c.words[0], "#") {
		return
	}
	switch c.words[0] {
	case "dig":
		if _, err := dig(c.words); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	case "make":
		makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range c.words[1:] {
			if strings.HasPrefix(word, "#") {
				break
			}
			name, _, variable := strings.Cut(word, "=")
			if !variable && !strings.Contains(string(makefile), "\n"+name+":") || variable && !strings.Contains(string(makefile), "$("+name) {
				t.Errorf("%s: make has no %s", at, word)
			}
		}
	case "kubectl", "helm":
		for i, word := range c.words {
			isFile := i > 0 && c.words[i-1] == "-f" || strings.HasPrefix(word, "charts/")
			if isFile && word != "-" && strings.Contains(word, "/") && !strings.HasPrefix(word, "https://") {
				if _, err := os.Stat(filepath.Join(root, word)); err != nil {
					t.Errorf("%s: %s is not there", at, word)
				}
			}
		}
	}
}

var mentioned = regexp.MustCompile("(?m)(?:`|^    )((?:make|dig) [^`\n]+)")

// Commands that stand in a sentence, or in an indented block, exist too.
func TestMentionedCommands(t *testing.T) {
	found := 0
	for _, p := range pages(t) {
		for _, m := range mentioned.FindAllStringSubmatch(p.prose, -1) {
			found++
			(&command{words: strings.Fields(m[1])}).exists(t, p.path)
		}
	}
	if found < 20 {
		t.Errorf("%d commands on all pages: are they recognised?", found)
	}
}
