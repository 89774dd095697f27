package docs

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// digOptions are those of dig 9.18 that begin with a plus, without the "no" that most may have before them.
var digOptions = strings.Fields(`aaflag aaonly additional adflag all answer authority badcookie besteffort bufsize cdflag class
	cmd comments cookie crypto defname dns64prefix dnssec domain edns ednsflags ednsnegotiation ednsopt expandaaaa expire fail
	header-only https https-get http-plain http-plain-get identify idnin idnout ignore keepalive keepopen multiline ndots nsid
	nssearch onesoa opcode padding qid qr question raflag rdflag recurse retry rrcomments search short showbadcookie showsearch
	split stats subnet tcflag tcp timeout tls tls-ca tls-certfile tls-hostname tls-keyfile trace tries ttlid ttlunits
	unknownformat vc yaml zflag`)

// question is what a dig command asks, and how.
type question struct {
	name     string
	qtype    uint16
	transfer bool
	short    bool
	scheme   string // of the server block that it is for
	verify   bool   // whether the certificate must be good
	hostname string // and for which name
	subnet   netip.Prefix
}

// dig reads a command. What comes after a pipe is somebody else's.
func dig(words []string) (*question, error) {
	q := &question{qtype: dns.TypeA, scheme: "dns"}
	for i := 1; i < len(words) && words[i] != "|"; i++ {
		word := words[i]
		switch {
		case word == "-p" || word == "-x":
			if i++; i == len(words) {
				return nil, fmt.Errorf("%s wants a value", word)
			}
			if word == "-x" {
				var err error
				if q.name, err = dns.ReverseAddr(words[i]); err != nil {
					return nil, err
				}
				q.qtype = dns.TypePTR
			}
		case word[0] == '-':
			return nil, fmt.Errorf("dig has no %s, or the test does not know it", word)
		case word[0] == '+':
			if err := q.option(word); err != nil {
				return nil, err
			}
		case word[0] == '@':
		case word == "AXFR":
			q.transfer = true
		case dns.StringToType[word] != 0:
			q.qtype = dns.StringToType[word]
		default:
			q.name = dns.Fqdn(word)
		}
	}
	return q, nil
}

func (q *question) option(word string) error {
	name, value, _ := strings.Cut(word[1:], "=")
	if !slices.Contains(digOptions, name) && !slices.Contains(digOptions, strings.TrimPrefix(name, "no")) {
		return fmt.Errorf("dig has no %s", word)
	}
	switch name {
	case "short":
		q.short = true
	case "subnet":
		var err error
		q.subnet, err = netip.ParsePrefix(value)
		return err
	case "tls", "https":
		q.scheme = name
	case "tls-ca":
		q.verify = true
	case "tls-hostname":
		q.verify, q.hostname = true, value
	}
	return nil
}

// asks tries a dig command, until the answer is what the page says.
func (c *command) asks(t *testing.T, at string, q *question, server *coredns) bool {
	var got []string
	var err error
	for began := time.Now(); time.Since(began) < patience; time.Sleep(20 * time.Millisecond) {
		if got, err = server.answer(t, q); err == nil && c.printed(got, q.short) {
			return true
		}
	}
	t.Errorf("%s: %s\nthe page says:\n%s\nthe answer is:\n%s\n%v", at, strings.Join(c.words, " "), strings.Join(c.output, "\n"), strings.Join(got, "\n"), err)
	return false
}

// answer returns an answer in lines as dig writes them: the status, the records of all sections, and the error's text.
func (s *coredns) answer(t *testing.T, q *question) (lines []string, err error) {
	if q.transfer {
		records, err := s.transfer(q.name)
		for _, rr := range records {
			lines = append(lines, answerLine(rr))
		}
		return lines, err
	}
	reply, err := s.ask(t, q)
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
				switch o := o.(type) {
				case *dns.EDNS0_EDE:
					lines = append(lines, fmt.Sprintf("; EDE: %d (%s): (%s)", o.InfoCode, dns.ExtendedErrorCodeToString[o.InfoCode], o.ExtraText))
				case *dns.EDNS0_SUBNET:
					lines = append(lines, fmt.Sprintf("; CLIENT-SUBNET: %s/%d/%d", o.Address, o.SourceNetmask, o.SourceScope))
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
