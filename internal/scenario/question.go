package scenario

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"
)

// Question is a question and the reply that it must get.
type Question struct {
	Line        int
	Name        string // as the client writes it, with the trailing dot
	Type        uint16
	Class       uint16
	From        netip.Addr   // the address that it is asked from; the zero Addr for any
	Subnet      netip.Prefix // the client subnet in it (RFC 7871); the zero Prefix for none
	SubnetScope uint8        // with a scope, which is malformed
	Want        Reply
}

// String returns the question as it is written in a scenario.
func (q *Question) String() string {
	text := q.Name + " " + dns.Type(q.Type).String()
	if q.Class != dns.ClassINET {
		text += " " + dns.Class(q.Class).String()
	}
	if q.From.IsValid() {
		text += " from " + q.From.String()
	}
	if q.Subnet.IsValid() {
		text += " subnet " + q.Subnet.String()
		if q.SubnetScope > 0 {
			text += fmt.Sprintf("/%d", q.SubnetScope)
		}
	}
	return text
}

var errQuestion = errors.New("want NAME TYPE [CLASS] [from ADDRESS] [subnet PREFIX[/SCOPE]]")

// The outcomes of a question besides records.
const (
	NoData   = "NODATA"   // the name exists, the type does not
	NXDomain = "NXDOMAIN" // the name does not exist
	ServFail = "SERVFAIL"
	Refused  = "REFUSED"
	FormErr  = "FORMERR"
	Next     = "NEXT"     // the question went to the next plugin
	Referral = "REFERRAL" // the answer is with other servers
)

var outcomes = []string{NoData, NXDomain, ServFail, Refused, FormErr, Next, Referral}

// parseQuestions reads the text of an ask, which begins at a line of a file. A line that is not indented is a question,
// the indented lines below it are the reply.
func parseQuestions(file string, line int, text string) (list []Question, err error) {
	for written := range strings.Lines(text) {
		fields := strings.Fields(written)
		switch {
		case len(fields) == 0:
		case !strings.HasPrefix(written, " ") && !strings.HasPrefix(written, "\t"):
			q := Question{Line: line, Name: fields[0], Class: dns.ClassINET, Want: Reply{Scope: NoScope}}
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

// parse reads what follows the name of a question: its type, its class unless that is IN, and who asks it.
func (q *Question) parse(words []string) (err error) {
	if !dns.IsFqdn(q.Name) {
		return fmt.Errorf("the name %q does not end in a dot", q.Name)
	}
	for len(words) > 2 {
		last := words[len(words)-1]
		switch words[len(words)-2] {
		case "from":
			q.From, err = netip.ParseAddr(last)
		case "subnet":
			if n := strings.LastIndexByte(last, '/'); n > strings.IndexByte(last, '/') {
				var scope uint64
				scope, err = strconv.ParseUint(last[n+1:], 10, 8)
				q.SubnetScope, last = uint8(scope), last[:n]
			}
			if err == nil {
				q.Subnet, err = netip.ParsePrefix(last)
			}
		default:
			err = errQuestion
		}
		if err != nil {
			return err
		}
		words = words[:len(words)-2]
	}
	if len(words) == 0 || len(words) > 2 {
		return errQuestion
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
	if line == "no EDE" {
		r.noEDE = true
		return nil
	}
	if text, ok := strings.CutPrefix(line, "EDE: "); ok {
		r.EDE = text
		return nil
	}
	if text, ok := strings.CutPrefix(line, "scope: "); ok {
		scope, err := strconv.ParseUint(text, 10, 8)
		r.Scope = int(scope)
		return err
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
