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
	pageRows  = 100  // rows on a page unless said otherwise
	maxRows   = 1000 // rows on a page at most
	maxPage   = 1_000_000
	maxSearch = 300 // octets, a little more than the longest name
	maxQuery  = 2048
)

// unanswered selects every standing but Answers.
const unanswered = "unanswered"

// query is what a request asks to see.
type query struct {
	search   string
	kind     string       // any where empty
	standing string       // one of the Standings or unanswered; any where empty
	column   *column      // to sort by; nil for the order of names, with a name that is asked about first
	down     bool         // sort the other way round
	page     int          // from 1
	limit    int          // rows on a page
	client   netip.Prefix // whose answer is explained; the zero Prefix for none
}

// parseQuery reads the query of a URL. Parameters without a value, as forms send them, are not there.
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
		q.kind = value // which kinds there are is for the state to say
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

// pasted returns the host of a URL, with or without its scheme, and of host:port, as they are pasted when a name is meant; any other
// text as it is. What is before a slash or a port has a dot then, which tells it from namespace/object.
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

// parseClient reads an address or a prefix.
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

// clientText is the value of the parameter client.
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

// plain reports whether all there is was asked for, in the usual order.
func (q query) plain() bool {
	return q == query{page: 1, limit: q.limit}
}

// sort is the value of the parameter of this name.
func (q query) sort() string {
	switch {
	case q.column == nil:
		return ""
	case q.down:
		return "-" + q.column.name
	}
	return q.column.name
}

// url returns the reference to what the query asks for, relative to the page.
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

// on, sorted and standingAs return the query with another page, order and standing. A change other than
// of the page leads back to the first.
func (q query) on(page int) query {
	q.page = page
	return q
}

func (q query) sorted(by *column, down bool) query {
	q.column, q.down, q.page = by, down, 1
	return q
}

func (q query) standingAs(standing string) query {
	q.standing, q.page = standing, 1
	return q
}
