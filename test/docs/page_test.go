package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// page is a Markdown file.
type page struct {
	path   string // relative to the root
	prose  string // without code blocks
	blocks []block
}

// block is a fenced code block.
type block struct {
	line     int
	language string
	file     string // what the block is the content of, if it says so
	text     string
}

var fence = regexp.MustCompile("^(```+|~~~+) *([a-z]*) *(.*)$")

// pages reads all Markdown files there are.
func pages(t *testing.T) (list []*page) {
	t.Helper()
	for _, pattern := range []string{"*.md", "docs/*.md", "charts/*/*.md", "examples/*.md", "examples/*/*.md"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			path, err := filepath.Rel(root, file)
			if err != nil {
				t.Fatal(err)
			}
			p, err := parse(path, string(text))
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, p)
		}
	}
	return list
}

func parse(path, text string) (*page, error) {
	p := &page{path: path}
	var prose strings.Builder
	var open *block
	var end string
	for i, line := range strings.SplitAfter(text, "\n") {
		bare := strings.TrimRight(line, "\n ")
		switch m := fence.FindStringSubmatch(bare); {
		case open == nil && m != nil:
			open, end = &block{line: i + 1, language: m[2], file: m[3]}, m[1]
		case open != nil && bare == end:
			p.blocks = append(p.blocks, *open)
			open = nil
		case open != nil:
			open.text += line
		default:
			prose.WriteString(line)
		}
	}
	if open != nil {
		return nil, fmt.Errorf("%s:%d: block does not end", path, open.line)
	}
	p.prose = prose.String()
	return p, nil
}
