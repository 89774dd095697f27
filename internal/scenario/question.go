package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

// Question is a question and the reply that it must get.
type Question struct {
	Line  int
	Name  string // as the client writes it, with the trailing dot
	Type  uint16
	Class uint16
	Want  Reply
}

// String returns the question as it is written in a scenario.
func (q *Question) String() string {
	text := q.Name + " " + dns.Type(q.Type).String()
	if q.Class != dns.ClassINET {
		text += " " + dns.Class(q.Class).String()
	}
	return text
}

// The outcomes of a question besides records.
const (
	NoData   = "NODATA"   // the name exists, the type does not
	NXDomain = "NXDOMAIN" // the name does not exist
	ServFail = "SERVFAIL"
	Refused  = "REFUSED"
	Next     = "NEXT"     // the question went to the next plugin
	Referral = "REFERRAL" // the answer is with other servers
)

var outcomes = []string{NoData, NXDomain, ServFail, Refused, Next, Referral}

// parseQuestions reads the text of an ask, which begins at a line of a file. A line that is not indented is a question,
// the indented lines below it are the reply.
func parseQuestions(file string, line int, text string) (list []Question, err error) {
	for written := range strings.Lines(text) {
		fields := strings.Fields(written)
		switch {
		case len(fields) == 0:
		case !strings.HasPrefix(written, " ") && !strings.HasPrefix(written, "\t"):
			q := Question{Line: line, Name: fields[0], Class: dns.ClassINET}
			if err := q.parse(fields[1:]); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, line, err)
			}
			list = append(list, q)
		case len(list) == 0:
			return nil, fmt.Errorf("%s:%d: a reply without a question", file, line)
		default:
			if err := list[len(list)-1].Want.parse(strings.TrimSpace(written)); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, line, err)
			}
		}
		line++
	}
	for i := range list {
		if err := list[i].Want.complete(); err != nil {
			return nil, fmt.Errorf("%s:%d: %s: %w", file, list[i].Line, list[i].String(), err)
		}
	}
	return list, nil
}

// parse reads what follows the name of a question: its type, and its class unless that is IN.
func (q *Question) parse(words []string) error {
	if !dns.IsFqdn(q.Name) {
		return fmt.Errorf("the name %q does not end in a dot", q.Name)
	}
	if len(words) == 0 || len(words) > 2 {
		return fmt.Errorf("want NAME TYPE [CLASS]")
	}
	var ok bool
	if q.Type, ok = dns.StringToType[words[0]]; !ok {
		return fmt.Errorf("unknown type %q", words[0])
	}
	if len(words) == 2 {
		if q.Class, ok = dns.StringToClass[words[1]]; !ok {
			return fmt.Errorf("unknown class %q", words[1])
		}
	}
	return nil
}

// parse reads one line of a reply.
func (r *Reply) parse(line string) error {
	if slices.Contains(outcomes, line) {
		if r.Outcome != "" {
			return fmt.Errorf("%s beside %s", line, r.Outcome)
		}
		r.Outcome = line
		return nil
	}
	if line == "no aa" {
		r.notAuthoritative = true
		return nil
	}
	if text, ok := strings.CutPrefix(line, "EDE: "); ok {
		r.EDE = text
		return nil
	}
	section := &r.Answer
	if text, ok := strings.CutPrefix(line, "authority: "); ok {
		section, line = &r.Authority, text
	} else if text, ok := strings.CutPrefix(line, "additional: "); ok {
		section, line = &r.Additional, text
	}
	rr, err := dns.NewRR(line)
	if err != nil {
		return fmt.Errorf("%q is neither an outcome nor a record: %w", line, err)
	}
	if rr == nil {
		return fmt.Errorf("%q is neither an outcome nor a record", line)
	}
	*section = append(*section, textOf(rr))
	return nil
}
