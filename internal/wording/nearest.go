// Package wording has what messages share: the word that a misspelt one stands for, numbers of things, and durations.
package wording

import "strings"

// Nearest returns the word that a misspelt one most likely stands for, or an empty string where none is near: upper and lower case
// do not count, and one letter in three may be wrong.
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

// editDistance returns how many octets have to be inserted, removed or replaced to make one word of the other (Levenshtein).
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

// Unknown says that a word is none of those that there are: which one is meant, or where none is near, which there are.
func Unknown(what, word string, words []string, want string) string {
	if near := Nearest(word, words); near != "" {
		return "unknown " + what + " " + Quote(word) + ": did you mean " + Quote(near) + "?"
	}
	return "unknown " + what + " " + Quote(word) + ": want " + want + " " + strings.Join(words, ", ")
}
