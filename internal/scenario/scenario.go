// Package scenario reads the scenarios in test/rules: files in the txtar format that say what is in a cluster and what a
// DNS server must answer because of it. The README beside them explains the format.
//
// The package knows DNS and the format. It starts no server and asks nobody.
package scenario

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"

	"golang.org/x/tools/txtar"
)

// Scenario is a scenario as it is written.
type Scenario struct {
	File  string
	Title string   // the first line, without the rule ids
	Rules []string // the ids of the rules that it shows
	Steps []Step
}

// Step is one section of a scenario.
type Step struct {
	Verb string // the first word of the section's name
	Arg  string // the rest of it
	Line int    // of the first line of the text
	Text string

	Questions []Question // of an ask
}

// verbs are the sections that a scenario may have, and whether they take an argument.
var verbs = map[string]bool{
	"Corefile":     false, // what CoreDNS is started with
	"objects.yaml": true,  // objects to apply, in a named cluster
	"delete":       true,  // objects to delete, in a named cluster
	"versions":     false, // which versions of which kinds the API server has
	"outside":      false, // what the rest of the DNS says
	"ask":          false, // questions and answers
	"reload":       false, // another Corefile
	"log":          false, // what the log must contain by now
	"error":        false, // why CoreDNS does not start
	"only":         true,  // the one way in which the scenario can be played, and why
}

var title = regexp.MustCompile(`^([A-Z][0-9]+(?:, [A-Z][0-9]+)*): (\S.*\.)$`)

// Read reads a scenario from a file.
func Read(file string) (*Scenario, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return Parse(file, data)
}

// Parse reads a scenario. Errors name the file and the line.
func Parse(file string, data []byte) (*Scenario, error) {
	archive := txtar.Parse(data)
	first, _, _ := strings.Cut(string(archive.Comment), "\n")
	m := title.FindStringSubmatch(first)
	if m == nil {
		return nil, fmt.Errorf("%s:1: %q is not a title: want the ids of rules and a sentence, such as \"W4: an exact name beats every wildcard.\"", file, first)
	}
	s := &Scenario{File: file, Title: m[2], Rules: strings.Split(m[1], ", ")}
	line := 1 + bytes.Count(archive.Comment, []byte("\n"))
	for _, section := range archive.Files {
		verb, arg, _ := strings.Cut(section.Name, " ")
		step := Step{Verb: verb, Arg: strings.TrimSpace(arg), Line: line + 1, Text: string(section.Data)}
		takes, ok := verbs[verb]
		if !ok || step.Arg != "" && !takes {
			return nil, fmt.Errorf("%s:%d: unknown section %q", file, line, section.Name)
		}
		if verb == "ask" {
			var err error
			if step.Questions, err = parseQuestions(file, step.Line, step.Text); err != nil {
				return nil, err
			}
		}
		s.Steps = append(s.Steps, step)
		line = step.Line + bytes.Count(section.Data, []byte("\n"))
	}
	return s, nil
}

// Lines returns the lines of a step that are not empty, without spaces around them.
func (s *Step) Lines() (list []string) {
	for line := range strings.Lines(s.Text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}
