package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// message is what the plugin may log: the format of a call of its logger.
type message struct{ level, format string }

var levels = map[string]string{"Debugf": "DEBUG", "Infof": "INFO", "Warningf": "WARNING", "Errorf": "ERROR"}

// messages reads the calls of the logger in the plugin's package.
func messages(t *testing.T) (list []message) {
	t.Helper()
	files := token.NewFileSet()
	ours := func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }
	packages, err := parser.ParseDir(files, root, ours, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packages {
		ast.Inspect(p, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			function, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			text, ok := call.Args[0].(*ast.BasicLit)
			logger, isName := function.X.(*ast.Ident)
			if !ok || !isName || logger.Name != "log" || levels[function.Sel.Name] == "" {
				return true
			}
			format, err := strconv.Unquote(text.Value)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, message{levels[function.Sel.Name], format})
			return true
		})
	}
	if len(list) < 10 {
		t.Fatalf("%d messages: looking in the wrong place?", len(list))
	}
	return list
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
