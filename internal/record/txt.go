package record

import (
	"errors"
	"strings"

	"github.com/miekg/dns"
)

var (
	errUnclosed = errors.New("has a quoted character-string that is not closed")
	errUnquoted = errors.New("has text outside the quoted character-strings")
	errEscape   = errors.New("has a backslash before a digit that is not \\DDD, from \\000 to \\255")
)

// maxString is how many octets a character-string holds (RFC 1035 section 3.3).
const maxString = 255

// parseTXT reads the target of a TXT record (D5). A target that begins with a double quote is presentation format
// (RFC 1035 section 5.1): one or more quoted character-strings. Any other target is the text itself.
func parseTXT(value string) (dns.RR, error) {
	rr := &dns.TXT{Hdr: Header(".", dns.TypeTXT, 0)}
	if !strings.HasPrefix(value, `"`) {
		rr.Txt = appendText(nil, []byte(value))
		return rr, checkFits(rr)
	}
	for rest := value; rest != ""; rest = strings.TrimLeft(rest, " \t\r\n") {
		var text []byte
		var err error
		if text, rest, err = quotedString(rest); err != nil {
			return nil, err
		}
		rr.Txt = appendText(rr.Txt, text)
	}
	return rr, checkFits(rr)
}

// quotedString reads the quoted character-string that a text begins with, and returns its content and the rest of the text.
func quotedString(s string) (text []byte, rest string, err error) {
	if s[0] != '"' {
		return nil, "", errUnquoted
	}
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return text, s[i+1:], nil
		case s[i] != '\\':
			text = append(text, s[i])
		case i+1 < len(s) && !isDigit(s[i+1]):
			i++
			text = append(text, s[i])
		case i+1 < len(s):
			octet, ok := decimal(s[i+1:])
			if !ok {
				return nil, "", errEscape
			}
			i += 3
			text = append(text, octet)
		}
	}
	return nil, "", errUnclosed
}

// decimal parses the first three digits of a text as an octet.
func decimal(s string) (octet byte, ok bool) {
	if len(s) < 3 || !isDigit(s[0]) || !isDigit(s[1]) || !isDigit(s[2]) {
		return 0, false
	}
	n := int(s[0]-'0')*100 + int(s[1]-'0')*10 + int(s[2]-'0')
	return byte(n), n <= 255
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// escapeTXT escapes a text as miekg/dns stores it: all octets but these two stand for themselves.
var escapeTXT = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// appendText appends a text to the character-strings of a TXT record, as one string or as several if it is longer than 255 octets.
// An empty text is one empty string.
func appendText(list []string, text []byte) []string {
	for {
		n := min(len(text), maxString)
		list = append(list, escapeTXT.Replace(string(text[:n])))
		if text = text[n:]; len(text) == 0 {
			return list
		}
	}
}
