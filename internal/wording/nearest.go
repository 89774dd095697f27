// Package wording has the parts that messages share: suggestions for misspelt words, numbers of things, and durations.
package wording

import "strings"

// Nearest returns the word of a list that a misspelt word most likely stands for, or an empty string if none is near. Case is ignored, and
// one letter in three may be wrong.
func Nearest(word string, words []string) string {
	word = strings.ToLower(word)
	best, least := "", len(word)+1
	for _, w := range words {
		if d := editDistance(word, strings.ToLower(w)); d < least && d <= max(len(word), len(w))/3 {
			best, least = w, d
		}
	}
	return best
}

// editDistance returns how many octets must be inserted, removed or replaced to turn one word into the other (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Unknown returns the message for a word that is not in a list. It suggests the nearest word of the list or, if none is near, names all of
// them.
func Unknown(what, word string, words []string, want string) string {
	if near := Nearest(word, words); near != "" {
		return "unknown " + what + " " + Quote(word) + ": did you mean " + Quote(near) + "?"
	}
	return "unknown " + what + " " + Quote(word) + ": want " + want + " " + strings.Join(words, ", ")
}
