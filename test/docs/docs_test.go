package docs

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

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
	for _, b := range p.blocks {
		if b.file != "" {
			files[b.file] = b.text
		}
		if b.language == "yaml" {
			p.apply(t, b)
		}
	}
	var server *coredns
	for _, b := range p.blocks {
		at := fmt.Sprintf("%s:%d", p.path, b.line)
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

// apply applies a manifest, for as long as the page is tried.
func (p *page) apply(t *testing.T, b block) {
	for _, doc := range regexp.MustCompile(`(?m)^---$`).Split(b.text, -1) {
		var object struct{ APIVersion, Kind string }
		if err := yaml.Unmarshal([]byte(doc), &object); err != nil {
			t.Errorf("%s:%d: %v", p.path, b.line, err)
			continue
		}
		if object.Kind == "" { // values of the chart, or a part of an object
			continue
		}
		if err := cluster.Apply(t.Context(), []byte(doc)); err != nil {
			if !strings.Contains(err.Error(), "no matches for kind") { // somebody else's kind
				t.Errorf("%s:%d: %s: %v", p.path, b.line, object.Kind, err)
			}
			continue
		}
		t.Cleanup(func() {
			if err := cluster.Delete(context.Background(), []byte(doc)); err != nil {
				t.Error(err)
			}
		})
	}
}

// coredns is a running CoreDNS.
type coredns struct{ addr string }

// start runs CoreDNS until the test ends, and returns when it listens.
func start(t *testing.T, at string, l *local) *coredns {
	t.Helper()
	file := filepath.Join(t.TempDir(), "Corefile")
	if err := os.WriteFile(file, []byte(l.text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	cmd := exec.CommandContext(ctx, binary, "-conf", file)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
		_ = r.Close()
	})
	var said []string
	for output := bufio.NewScanner(r); output.Scan(); {
		said = append(said, output.Text())
		if strings.HasPrefix(output.Text(), "CoreDNS-") { // is said when everything listens
			go io.Copy(io.Discard, r)
			return &coredns{addr: fmt.Sprintf("127.0.0.1:%d", l.ports["dns"])}
		}
	}
	t.Fatalf("%s: CoreDNS does not start:\n%s\n%s", at, strings.Join(said, "\n"), l.text.String())
	return nil
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

func (c *command) try(t *testing.T, at string, server *coredns) int {
	if c.words[0] != "dig" || len(c.output) == 0 {
		c.exists(t, at)
		return 0
	}
	if server == nil {
		t.Errorf("%s: a question, and no Corefile before it", at)
		return 0
	}
	var name string
	short, transfer, qtype := false, false, dns.TypeA
	for i := 1; i < len(c.words) && c.words[i] != "|"; i++ {
		switch word := c.words[i]; {
		case word == "-p":
			i++
		case word == "-x":
			i++
			name, _ = dns.ReverseAddr(c.words[i])
			qtype = dns.TypePTR
		case word == "+short":
			short = true
		case word[0] == '@' || word[0] == '+':
		case word == "AXFR":
			transfer = true
		case dns.StringToType[word] != 0:
			qtype = dns.StringToType[word]
		default:
			name = dns.Fqdn(word)
		}
	}
	var got []string
	for began := time.Now(); time.Since(began) < patience; time.Sleep(20 * time.Millisecond) {
		var err error
		if got, err = server.ask(t, name, qtype, transfer); err != nil {
			continue
		}
		if c.printed(got, short) {
			return 1
		}
	}
	t.Errorf("%s: %s\nthe page says:\n%s\nthe answer is:\n%s", at, strings.Join(c.words, " "), strings.Join(c.output, "\n"), strings.Join(got, "\n"))
	return 0
}

// ask returns an answer in lines as dig writes them: the status, the records of all sections, and the error's text.
func (s *coredns) ask(t *testing.T, name string, qtype uint16, transfer bool) (lines []string, err error) {
	if transfer {
		m := new(dns.Msg).SetAxfr(name)
		envelopes, err := new(dns.Transfer).In(m, s.addr)
		if err != nil {
			return nil, err
		}
		for e := range envelopes {
			if e.Error != nil {
				return nil, e.Error
			}
			for _, rr := range e.RR {
				lines = append(lines, answerLine(rr))
			}
		}
		return lines, nil
	}
	m := new(dns.Msg)
	m.SetQuestion(name, qtype).SetEdns0(1232, true)
	reply, _, err := (&dns.Client{Timeout: 5 * time.Second}).ExchangeContext(t.Context(), m, s.addr)
	if err != nil {
		return nil, err
	}
	lines = append(lines, "status: "+dns.RcodeToString[reply.Rcode])
	for _, rr := range reply.Answer {
		lines = append(lines, answerLine(rr))
	}
	for _, rr := range slices.Concat(reply.Ns, reply.Extra) {
		if opt, ok := rr.(*dns.OPT); ok {
			for _, o := range opt.Option {
				if e, ok := o.(*dns.EDNS0_EDE); ok {
					lines = append(lines, fmt.Sprintf("; EDE: %d (%s): (%s)", e.InfoCode, dns.ExtendedErrorCodeToString[e.InfoCode], e.ExtraText))
				}
			}
			continue
		}
		lines = append(lines, "other "+spaced(rr.String()))
	}
	return lines, nil
}

func answerLine(rr dns.RR) string { return "answer " + spaced(rr.String()) }

func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

var status = regexp.MustCompile(`status: (\w+)`)

// printed reports whether the output on the page is what dig would print: with +short the data of all answers, else
// some of the lines. An id or a serial differs each time, "…" stands for such things at the end of a line.
func (c *command) printed(got []string, short bool) bool {
	var answers []string
	for _, line := range got {
		if record, ok := strings.CutPrefix(line, "answer "); ok && !strings.Contains(record, " RRSIG ") {
			answers = append(answers, strings.Join(strings.Fields(record)[4:], " "))
		}
	}
	if short {
		want := slices.Clone(c.output)
		slices.Sort(want)
		slices.Sort(answers)
		return slices.Equal(want, answers)
	}
	for _, want := range c.output {
		if m := status.FindStringSubmatch(want); m != nil {
			want = "status: " + m[1]
		}
		want, open := strings.CutSuffix(spaced(want), "…")
		if !slices.ContainsFunc(got, func(line string) bool {
			line = strings.TrimPrefix(strings.TrimPrefix(line, "answer "), "other ")
			return line == want || open && strings.HasPrefix(line, want)
		}) {
			return false
		}
	}
	return true
}

// exists checks a command that is not run: targets of make are in the Makefile, and manifests that kubectl is to
// apply are there.
func (c *command) exists(t *testing.T, at string) {
	t.Helper()
	if len(c.words) < 2 || strings.HasPrefix(c.words[0], "#") {
		return
	}
	switch c.words[0] {
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
