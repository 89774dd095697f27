package statuspage

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed style.css
var style string

//go:embed page.html
var layout string

var pageTemplate = template.Must(template.New("page").Parse(layout))

// policy is a Content-Security-Policy that lets a browser load nothing and apply no style except that of the page.
var policy = func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
}()

// page is the data of the template. Its texts are ready for display, except for HTML escapes, which the template adds.
type page struct {
	Style                    template.CSS
	Title                    string
	Names, Answering, Silent string
	Zones                    []string
	Ready, Away              bool // everything was listed once; no source is up to date
	Health                   health
	Server, Help             string // the program; link to the page on troubleshooting
	Taken                    moment
	Search                   string
	Kinds                    []choice
	Standing, Sort, Client   string // as parameters
	Steers                   bool   // answers depend on the client
	Reset                    bool   // the query is not the default, so there is a link to it
	Answer                   *answer
	Sources                  []sourceRow
	SourcesSum, Troubles     string
	SourcesOpen, Clusters    bool
	SeveralZones             bool
	Standings                []choice
	Columns                  []heading
	Rows                     []recordRow
	Range                    string // the numbers of the rows, and of all rows
	First, Prev, Next, Last  string // links; empty if there is no such other page
	Records                  string // link to the same rows as JSON
}

// help is the link to the page on troubleshooting. The page loads nothing from it.
const help = "https://github.com/k8s-gateway/k8s_gateway/blob/main/docs/troubleshooting.md"

// health is the state of all sources in a few words.
type health struct{ Text, Class string }

// away reports whether at least one source is stale and none is synced or unsynced.
func (s *selection) away() bool {
	stale := 0
	for _, src := range s.Sources {
		switch src.State {
		case Stale:
			stale++
		case Synced, Unsynced:
			return false
		}
	}
	return stale > 0
}

// health summarises the state of the sources. It must not be green while names are not kept up to date.
func (s *selection) health() health {
	troubled := 0
	for _, src := range s.Sources {
		if src.State == Stale || src.State == Forbidden || src.State == Synced && !src.Watching {
			troubled++
		}
	}
	switch {
	case !s.Ready:
		return health{"Not ready", "wait"}
	case s.away():
		return health{"Out of date", "bad"}
	case troubled > 0:
		return health{fmt.Sprintf("Ready, but %s of %s not up to date", count(troubled), counted(len(s.Sources), "source")), "wait"}
	}
	return health{"Ready", "good"}
}

// moment is a time for people and for machines.
type moment struct{ Text, Stamp string }

// choice is an option of the page: a kind or a standing.
type choice struct {
	Value, Text, Count, Link, Class string
	Chosen                          bool
}

// heading is the head of a column, with a link that sorts by it.
type heading struct{ Name, Title, Sorted, Link string }

type answer struct {
	Name, Verdict, Result, Class string
	Answers, Reasons             []string
}

type sourceRow struct {
	Kind, Cluster, State, Class string
	Problem                     string
	Zones                       []string
	Objects, Names              string
	Heard                       moment
}

type recordRow struct {
	Name, Link, Type, Data, TTL string
	Kind, Object, Cluster       string
	Standing, Class, Reason     string
}

// html renders the page of a selection. The size of a page is limited, so it is made before any of it is sent.
func (s *selection) html() (body, error) {
	p := page{
		Style:     template.CSS(style),
		Title:     "k8s_gateway",
		Names:     counted(s.names, "name"),
		Answering: count(s.answering),
		Silent:    count(s.names - s.answering),
		Zones:     zoneNames(s.Zones),
		Ready:     s.Ready,
		Away:      s.away(),
		Health:    s.health(),
		Server:    show(s.Server),
		Help:      help,
		Taken:     moment{s.Taken.UTC().Format("15:04:05 UTC, 2 January 2006"), stamp(s.Taken)},
		Search:    s.search,
		Kinds:     s.kindChoices(),
		Standing:  s.standing,
		Sort:      s.sort(),
		Client:    s.clientText(),
		Steers:    s.Steers,
		Reset:     !s.plain(),
		Clusters:  s.clusters,
		Standings: s.standingChoices(),
		Columns:   s.headings(),
		Range:     s.span(),
		Records:   "records.json" + s.url(),
	}
	if s.search != "" {
		p.Title = show(s.search) + " – " + p.Title
	}
	if s.explanation != nil {
		p.Answer = s.verdict()
	}
	s.sources(&p)
	for _, r := range s.rows {
		row := r.claim.Row(r.row)
		p.Rows = append(p.Rows, s.record(&row))
	}
	s.pager(&p)
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, &p)
	return body{text: bytes.ToValidUTF8(b.Bytes(), []byte("\ufffd"))}, err
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (s *selection) kindChoices() []choice {
	list := []choice{{Text: "all kinds"}}
	for _, kind := range s.kinds {
		list = append(list, choice{Value: kind, Text: show(kind), Chosen: kind == s.kind})
	}
	return list
}

// standingChoices returns links to the matching rows of each standing.
func (s *selection) standingChoices() []choice {
	if s.standing == "" && s.all() == 0 {
		return nil
	}
	var list []choice
	add := func(standing, text string, n int) {
		if chosen := standing == s.standing; n > 0 || chosen || standing == "" || standing == unanswered {
			list = append(list, choice{Text: text, Count: count(n), Link: s.standingAs(standing).url(), Class: classes[standing], Chosen: chosen})
		}
	}
	add("", "all", s.all())
	add(Answers, Answers, s.counts[Answers])
	add(unanswered, "does not answer", s.unanswered())
	for _, standing := range standings[1:] {
		add(standing, standing, s.counts[standing])
	}
	return list
}

// classes are the CSS classes of standings and of the states of sources.
var classes = map[string]string{
	Answers: "good", Hidden: "idle", Pending: "wait", Refused: "bad", Skipped: "bad", LeftOut: "idle",
	Synced: "good", Unsynced: "wait", Stale: "bad", Absent: "idle", Forbidden: "bad",
}

func (s *selection) headings() []heading {
	var list []heading
	for _, c := range columns {
		h := heading{Name: c.name, Title: c.title}
		sorted := c == s.column || s.column == nil && s.explanation == nil && c == columns[0]
		switch {
		case sorted && s.down:
			h.Sorted = "descending"
		case sorted:
			h.Sorted = "ascending"
		}
		h.Link = s.sorted(c, sorted && !s.down).url()
		list = append(list, h)
	}
	return list
}

func (s *selection) span() string {
	switch first := (s.page-1)*s.limit + 1; {
	case s.total == 0:
		return "Nothing matches."
	case len(s.rows) == 0:
		return fmt.Sprintf("There is no page %s; the last is %s.", count(s.page), count(s.pages))
	case s.total == 1:
		return "1 row"
	default:
		return fmt.Sprintf("%s–%s of %s rows", count(first), count(first+len(s.rows)-1), count(s.total))
	}
}

func (s *selection) pager(p *page) {
	if s.page > 1 {
		p.First, p.Prev = s.on(1).url(), s.on(min(s.page-1, s.pages)).url()
	}
	if s.page < s.pages {
		p.Next, p.Last = s.on(s.page+1).url(), s.on(s.pages).url()
	}
}

// verdict puts an explanation into words.
func (s *selection) verdict() *answer {
	e := s.explanation
	a := &answer{Name: show(e.Name), Result: show(e.Result), Answers: showSome(e.Answers, 20), Reasons: showSome(e.Reasons, 20)}
	switch {
	case e.Result == "":
		a.Verdict, a.Class = "is not answered here", "idle"
	case e.Result == NotLookedUp:
		a.Verdict, a.Result, a.Class = "has not been looked up yet", "", "wait"
	case e.Unresolved:
		a.Verdict, a.Class = "does not resolve", "bad"
	case e.Result == "NOERROR" && len(e.Answers) > 0:
		a.Verdict, a.Class = "resolves", "good"
	case e.Result == "NOERROR":
		a.Verdict, a.Class = "exists, without records", "wait"
	case e.Result == "NXDOMAIN":
		a.Verdict, a.Class = "does not resolve", "bad"
	default:
		a.Verdict, a.Class = "cannot be answered now", "bad"
	}
	return a
}

// sources fills in the table of sources. It is open if a source has a problem and the query is the default. The problems are also shown
// while it is closed.
func (s *selection) sources(p *page) {
	var troubles []string
	for _, src := range s.Sources {
		row := sourceRow{
			Kind: show(src.Kind), Cluster: show(src.Cluster), State: show(src.State), Class: classes[src.State], Problem: show(src.Problem),
			Zones: zoneNames(src.Zones), Objects: count(src.Objects), Names: count(src.Names), Heard: moment{Text: ago(src.Heard, s.Taken)},
		}
		if !src.Heard.IsZero() {
			row.Heard.Stamp = stamp(src.Heard)
		}
		trouble := row.State
		if src.State == Synced {
			trouble = row.Problem
			if !src.Watching {
				trouble = "changes are not being watched"
			}
			row.Problem = cmp.Or(row.Problem, trouble)
		}
		if trouble != "" {
			where := row.Kind
			if s.clusters {
				where += " in " + row.Cluster
			}
			troubles = append(troubles, where+": "+trouble)
		}
		p.SeveralZones = p.SeveralZones || !slices.Equal(src.Zones, s.Sources[0].Zones)
		p.Sources = append(p.Sources, row)
	}
	p.SourcesSum = counted(len(s.Sources), "source")
	p.Troubles = strings.Join(showSome(troubles, 3), "; ")
	p.SourcesOpen = len(troubles) > 0 && s.plain()
}

// zoneNames returns the names of zones for use in a sentence: without a trailing dot.
func zoneNames(zones []string) []string {
	list := make([]string, len(zones))
	for i, zone := range zones {
		list[i] = cmp.Or(strings.TrimSuffix(zone, "."), ".")
	}
	return showSome(list, 20)
}

func (s *selection) record(r *Row) recordRow {
	row := recordRow{
		Name: show(r.Name), Type: show(r.Type), Data: show(r.Data), Kind: show(r.Kind), Object: show(r.Object),
		Standing: show(r.Standing), Class: classes[r.Standing], Reason: show(Sentence(r.Reason)),
	}
	if r.Name != "" && len(r.Name) <= maxSearch {
		row.Link = query{search: r.Name, page: 1, limit: pageRows}.url()
	}
	if r.Type != "" {
		row.TTL = strconv.FormatUint(uint64(r.TTL), 10)
	}
	if r.Namespace != "" {
		row.Object = show(r.Namespace + "/" + r.Object)
	}
	if s.clusters {
		row.Cluster = show(r.Cluster)
	}
	return row
}
