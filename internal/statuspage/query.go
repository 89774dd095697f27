package statuspage

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

const (
	pageRows  = 100  // rows on a page by default
	maxRows   = 1000 // rows on a page at most
	maxPage   = 1_000_000
	maxSearch = 300 // octets, a little more than the longest name
	maxQuery  = 2048
)

// unanswered selects every standing but Answers.
const unanswered = "unanswered"

// query has the parameters of a request.
type query struct {
	search   string
	kind     string       // empty for any
	standing string       // one of the Standings or unanswered; empty for any
	column   *column      // to sort by; nil for the order of names, with the name to explain first
	down     bool         // sort in descending order
	page     int          // from 1
	limit    int          // rows on a page
	client   netip.Prefix // the client whose answer is explained; the zero Prefix for none
}

// parseQuery parses the query of a URL. It ignores parameters without a value, which forms send.
func parseQuery(raw string, parameters []string) (query, error) {
	q := query{page: 1, limit: pageRows}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return q, errors.New("the query is malformed")
	}
	for name, list := range values {
		if !slices.Contains(parameters, name) {
			return q, fmt.Errorf("%q is not a parameter: want %s", name, strings.Join(parameters, ", "))
		}
		if len(list) > 1 {
			return q, fmt.Errorf("%s is given more than once", name)
		}
		if list[0] == "" {
			continue
		}
		if err := q.set(name, list[0]); err != nil {
			return q, fmt.Errorf("%s: %w", name, err)
		}
	}
	return q, nil
}

func (q *query) set(name, value string) (err error) {
	switch name {
	case "q":
		if len(value) > maxSearch || !utf8.ValidString(value) {
			return fmt.Errorf("want UTF-8 of at most %d octets", maxSearch)
		}
		q.search = pasted(strings.TrimSpace(value))
		if n := len(words(q.search)); n > maxWords {
			return fmt.Errorf("want at most %d words", maxWords)
		}
	case "kind":
		q.kind = value // reply checks it, because the kinds depend on the state
	case "standing":
		if value != unanswered && !slices.Contains(standings, value) {
			return fmt.Errorf("%q is none of %s, %s", value, strings.Join(standings, ", "), unanswered)
		}
		q.standing = value
	case "sort":
		by, down := strings.CutPrefix(value, "-")
		q.column, q.down = columnNamed(by), down
		if q.column == nil {
			return fmt.Errorf("%q is none of %s, with or without a minus before it", value, strings.Join(columnNames(), ", "))
		}
	case "page":
		q.page, err = number(value, maxPage)
	case "limit":
		q.limit, err = number(value, maxRows)
	case "client":
		q.client, err = parseClient(strings.TrimSpace(value))
	}
	return err
}

// pasted returns the host of a URL, with or without its scheme, and of HOST:PORT, because users paste these for a name. It returns any
// other text unchanged. Without a scheme, the host must contain a dot, which distinguishes it from namespace/object.
func pasted(text string) string {
	if strings.ContainsAny(text, " \t") || !strings.ContainsAny(text, ":/") {
		return text
	}
	if whole := strings.Contains(text, "://") || strings.HasPrefix(text, "//"); whole {
		if u, err := url.Parse(text); err == nil && u.Hostname() != "" {
			return u.Hostname()
		}
		return text
	}
	if address, err := netip.ParseAddrPort(text); err == nil {
		return address.Addr().String()
	}
	u, err := url.Parse("//" + text)
	if err != nil || u.User != nil {
		return text
	}
	if _, err := dnsname.Owner(u.Hostname()); err != nil || !strings.Contains(u.Hostname(), ".") {
		return text
	}
	return u.Hostname()
}

// parseClient parses an address or a prefix.
func parseClient(value string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(value); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
	}
	p, err := netip.ParsePrefix(value)
	if err != nil || p.Addr().Is4In6() {
		return netip.Prefix{}, fmt.Errorf("%q is neither an IP address nor a CIDR", value)
	}
	return p.Masked(), nil
}

// clientText returns the value of the parameter client.
func (q query) clientText() string {
	switch {
	case !q.client.IsValid():
		return ""
	case q.client.IsSingleIP():
		return q.client.Addr().String()
	}
	return q.client.String()
}

func number(s string, most int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("%q is not a number from 1 to %d", s, most)
	}
	return n, nil
}

// plain reports whether the query selects everything, in the default order.
func (q query) plain() bool {
	return q == query{page: 1, limit: q.limit}
}

// sort returns the value of the parameter sort.
func (q query) sort() string {
	switch {
	case q.column == nil:
		return ""
	case q.down:
		return "-" + q.column.name
	}
	return q.column.name
}

// url returns the reference to the query, relative to the page.
func (q query) url() string {
	v := url.Values{}
	for name, value := range map[string]string{"q": q.search, "kind": q.kind, "standing": q.standing, "sort": q.sort(), "client": q.clientText()} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.page > 1 {
		v.Set("page", strconv.Itoa(q.page))
	}
	if q.limit != pageRows {
		v.Set("limit", strconv.Itoa(q.limit))
	}
	return "?" + v.Encode()
}

// on returns the query with another page.
func (q query) on(page int) query {
	q.page = page
	return q
}

// sorted returns the first page of the query with another order.
func (q query) sorted(by *column, down bool) query {
	q.column, q.down, q.page = by, down, 1
	return q
}

// standingAs returns the first page of the query with another standing.
func (q query) standingAs(standing string) query {
	q.standing, q.page = standing, 1
	return q
}
