package statuspage

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxShown is how many characters of a text the page shows. records.json has the whole text.
const maxShown = 500

// show returns a text for display. It escapes characters that are invisible or change the direction of text beside them, replaces tabs by
// spaces, and truncates a long text.
func show(s string) string {
	s = strings.ReplaceAll(s, "\t", " ")
	if len(s) <= maxShown && strings.IndexFunc(s, unshowable) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	shown := 0
	for i, r := range s {
		if shown++; shown > maxShown {
			return b.String() + "…"
		}
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\ufffd"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unshowable(r):
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func unshowable(r rune) bool { return !unicode.IsPrint(r) }

// Sentence returns a text with a capital first letter, unless the first word is a name or a value.
func Sentence(text string) string {
	first, _, _ := strings.Cut(text, " ")
	first = strings.TrimSuffix(strings.TrimRight(first, ",:"), "'s")
	for _, r := range first {
		if r < 'a' || r > 'z' {
			return text
		}
	}
	if first == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// showSome returns the first texts of a list for display, and the number of the others.
func showSome(list []string, most int) []string {
	shown := make([]string, 0, min(len(list), most+1))
	for i, s := range list {
		if i == most {
			return append(shown, fmt.Sprintf("… and %s more", count(len(list)-most)))
		}
		shown = append(shown, show(s))
	}
	return shown
}

// count formats a number in groups of three digits.
func count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// counted formats a number of things, whose plural ends in s.
func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return count(n) + " " + thing
}

// ago formats the time since an event.
func ago(t, now time.Time) string {
	switch d := now.Sub(t); {
	case t.IsZero():
		return "never"
	case d < 2*time.Second:
		return "now"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s ago", d/time.Second)
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min ago", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", d/time.Hour)
	default:
		return fmt.Sprintf("%d days ago", d/(24*time.Hour))
	}
}
