package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// message is what the plugin may log: the format of a call of its logger.
type message struct{ level, format string }

var levels = map[string]string{"Debugf": "DEBUG", "Infof": "INFO", "Warningf": "WARNING", "Errorf": "ERROR"}

// source calls visit with what the plugin's packages consist of.
func source(t *testing.T, visit func(ast.Node)) {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*.go", "internal/*/*.go"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool { visit(n); return true })
	}
}

// messages reads the calls of the logger.
func messages(t *testing.T) (list []message) {
	t.Helper()
	source(t, func(n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return
		}
		function, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return
		}
		format, ok := call.Args[0].(*ast.BasicLit)
		if logger, named := function.X.(*ast.Ident); ok && named && logger.Name == "log" && levels[function.Sel.Name] != "" {
			list = append(list, message{levels[function.Sel.Name], unquote(t, format)})
		}
	})
	if len(list) < 10 {
		t.Fatalf("%d messages: looking in the wrong place?", len(list))
	}
	return list
}

func unquote(t *testing.T, literal *ast.BasicLit) string {
	t.Helper()
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var (
	logLine = regexp.MustCompile(`^\[([A-Z]+)\] plugin/k8s_gateway: (.*)$`)
	verb    = regexp.MustCompile(`%[a-z]`)
)

// prints reports whether a line, as it stands in the log, is of this message.
func (m message) prints(level, line string) bool {
	pattern := verb.ReplaceAllLiteralString(regexp.QuoteMeta(m.format), ".+")
	return m.level == level && regexp.MustCompile("^"+pattern+"$").MatchString(line)
}

// has reports whether the message has a part that a page quotes, in which "…" stands for what differs.
func (m message) has(part string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(part), "…", ".+")
	return regexp.MustCompile(pattern).MatchString(m.format)
}

// Lines of the log that a page shows, and parts of such lines in a table of what is in the log, are what the plugin says.
func TestLogLines(t *testing.T) {
	all := messages(t)
	quoted := 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			for line := range strings.Lines(b.text) {
				m := logLine.FindStringSubmatch(strings.TrimSpace(line))
				if m == nil {
					continue
				}
				quoted++
				if !slices.ContainsFunc(all, func(is message) bool { return is.prints(m[1], m[2]) }) {
					t.Errorf("%s:%d: nothing logs %q", p.path, b.line, m[0])
				}
			}
		}
		for _, part := range p.logTable() {
			quoted++
			if !slices.ContainsFunc(all, func(is message) bool { return is.has(part) }) {
				t.Errorf("%s: nothing logs %q", p.path, part)
			}
		}
	}
	if quoted < 5 {
		t.Errorf("%d lines of the log on all pages: are they recognised?", quoted)
	}
}

// logTable returns what stands as code in tables that begin with "in the log".
func (p *page) logTable() (parts []string) {
	inside := false
	for line := range strings.Lines(p.prose) {
		if inside = strings.HasPrefix(line, "| in the log |") || inside && strings.HasPrefix(line, "|"); inside {
			for _, m := range code.FindAllString(line, -1) {
				parts = append(parts, strings.Trim(m, "`"))
			}
		}
	}
	return parts
}

var saying = regexp.MustCompile(`\*([a-z]+( [a-z,]+){2,})\*`)

// What troubleshooting.md has in italics is a reason that the plugin gives.
func TestReasons(t *testing.T) {
	var texts []string
	source(t, func(n ast.Node) {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			texts = append(texts, unquote(t, literal))
		}
	})
	quoted := 0
	for _, p := range pages(t) {
		if p.path != "docs/troubleshooting.md" {
			continue
		}
		for _, m := range saying.FindAllStringSubmatch(p.prose, -1) {
			quoted++
			if !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, m[1]) }) {
				t.Errorf("%s: nothing says %q", p.path, m[1])
			}
		}
	}
	if quoted < 3 {
		t.Errorf("%d reasons: are they recognised?", quoted)
	}
}
