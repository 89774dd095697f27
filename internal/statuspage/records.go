package statuspage

import (
	"encoding/json"
	"time"
)

// records is the object of records.json. The package comment says what its fields are.
type records struct {
	Taken       time.Time      `json:"taken"`
	Ready       bool           `json:"ready"`
	Zones       []string       `json:"zones"`
	Sources     []Status       `json:"sources"`
	Names       int            `json:"names"`
	Answering   int            `json:"answering"`
	Standings   map[string]int `json:"standings"`
	Total       int            `json:"total"`
	Page        int            `json:"page"`
	Pages       int            `json:"pages"`
	Limit       int            `json:"limit"`
	Rows        []*Row         `json:"rows"`
	Explanation *Explanation   `json:"explanation,omitempty"`
}

// json renders records.json for a selection. A list that is empty is there, for scripts to iterate over.
func (s *selection) json() ([]byte, error) {
	return json.Marshal(records{
		Taken: s.Taken, Ready: s.Ready, Zones: append([]string{}, s.Zones...), Sources: append([]Status{}, s.Sources...),
		Names: s.names, Answering: s.answering, Standings: s.counts,
		Total: s.total, Page: s.page, Pages: s.pages, Limit: s.limit, Rows: append([]*Row{}, s.rows...),
		Explanation: s.explanation,
	})
}
