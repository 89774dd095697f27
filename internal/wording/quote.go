package wording

import "strconv"

// Shorten cuts a text to 300 octets, so that it fits into a log line. The cut may split a letter.
func Shorten(text string) string {
	if len(text) > 300 {
		return text[:300] + "…"
	}
	return text
}

// Quote quotes a string that comes from outside, for messages and the log. The result is ASCII on one line.
func Quote(s string) string { return strconv.QuoteToASCII(s) }
