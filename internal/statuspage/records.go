package statuspage

import (
	"bufio"
	"encoding/json"
	"io"
	"time"
)

// records is the object of records.json without its last fields, the rows and the explanation. The package comment describes the fields.
type records struct {
	Taken     time.Time      `json:"taken"`
	Ready     bool           `json:"ready"`
	Zones     []string       `json:"zones"`
	Sources   []Status       `json:"sources"`
	Names     int            `json:"names"`
	Answering int            `json:"answering"`
	Standings map[string]int `json:"standings"`
	Total     int            `json:"total"`
	Page      int            `json:"page"`
	Pages     int            `json:"pages"`
	Limit     int            `json:"limit"`
}

// json renders records.json for a selection. It writes empty lists, so that scripts can iterate over them. Each row is made when it is
// sent, because a thousand rows may have 64 kB each.
func (s *selection) json() (body, error) {
	head, err := json.Marshal(records{
		Taken: s.Taken, Ready: s.Ready, Zones: append([]string{}, s.Zones...), Sources: append([]Status{}, s.Sources...),
		Names: s.names, Answering: s.answering, Standings: s.counts,
		Total: s.total, Page: s.page, Pages: s.pages, Limit: s.limit,
	})
	if err != nil {
		return body{}, err
	}
	rows, explanation := s.rows, s.explanation
	return body{stream: func(out io.Writer) error {
		w := bufio.NewWriter(out)
		w.Write(head[:len(head)-1])
		w.WriteString(`,"rows":[`)
		for i, r := range rows {
			if i > 0 {
				w.WriteByte(',')
			}
			row, err := json.Marshal(r.claim.Row(r.row))
			if err != nil {
				return err
			}
			if _, err := w.Write(row); err != nil {
				return err
			}
		}
		w.WriteByte(']')
		if explanation != nil {
			e, err := json.Marshal(explanation)
			if err != nil {
				return err
			}
			w.WriteString(`,"explanation":`)
			w.Write(e)
		}
		w.WriteByte('}')
		return w.Flush()
	}}, nil
}
