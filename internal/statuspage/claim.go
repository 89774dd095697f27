package statuspage

// Claim is the records of one type that one object has for one name, or the reason why the object has none. A row is made from it only
// when the row is shown, because objects may give thousands of names the same thousands of addresses.
type Claim struct {
	Name string // owner, with a trailing dot; empty for none
	Type string // A, AAAA, CNAME, …; empty for no record
	Data Data   // of the records, each of which is a row; nil for one row without data
	TTL  uint32 // seconds
	*Object
	Standing string // one of the Standings
	Reason   string // why it does not answer
}

// Object is the object that claims come from. The claims of one object share it.
type Object struct{ Kind, Namespace, Name, Cluster string }

// Data is the data of an RRset, in the sort order of the column of data. It is immutable, and comparable with ==: claims with equal Data
// have the same data.
type Data interface {
	Len() int
	At(i int) string // in presentation format
}

// Text is the Data of a single record.
type Text string

// Len implements Data.
func (t Text) Len() int { return 1 }

// At implements Data.
func (t Text) At(int) string { return string(t) }

// Row is one record, or the reason why there is none.
type Row struct {
	Name      string `json:"name"`           // owner, with a trailing dot; empty for none
	Type      string `json:"type,omitempty"` // A, AAAA, CNAME, …; empty for no record
	Data      string `json:"data,omitempty"` // in presentation format
	TTL       uint32 `json:"ttl"`            // seconds
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Object    string `json:"object"` // its name
	Cluster   string `json:"cluster"`
	Standing  string `json:"standing"`         // one of the Standings
	Reason    string `json:"reason,omitempty"` // why it does not answer
}

// rows returns how many rows the claim has.
func (c *Claim) rows() int {
	if c.Data == nil {
		return 1
	}
	return c.Data.Len()
}

// datum returns the data of the i-th row.
func (c *Claim) datum(i int) string {
	if c.Data == nil {
		return ""
	}
	return c.Data.At(i)
}

// Row returns the i-th row.
func (c *Claim) Row(i int) Row {
	return Row{c.Name, c.Type, c.datum(i), c.TTL, c.Kind, c.Namespace, c.Object.Name, c.Cluster, c.Standing, c.Reason}
}

// Rows returns the rows of claims in their order.
func Rows(claims []Claim) []Row {
	var list []Row
	for i := range claims {
		for n := range claims[i].rows() {
			list = append(list, claims[i].Row(n))
		}
	}
	return list
}

// Claims returns claims of one row each.
func Claims(rows []Row) []Claim {
	list := make([]Claim, len(rows))
	for i, r := range rows {
		list[i] = Claim{Name: r.Name, Type: r.Type, TTL: r.TTL, Object: &Object{r.Kind, r.Namespace, r.Object, r.Cluster}, Standing: r.Standing, Reason: r.Reason}
		if r.Data != "" {
			list[i].Data = Text(r.Data)
		}
	}
	return list
}
