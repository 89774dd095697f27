// Package place has the places of targets and clients: continents, countries, subdivisions and points on the globe. It knows neither DNS
// nor Kubernetes.
package place

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Place is the place of a target or a client. Fields that are not known are empty.
type Place struct {
	Continent   string // two letters, such as EU
	Country     string // ISO 3166-1 alpha-2, such as DE
	Subdivision string // ISO 3166-2 without the country, such as BE of DE-BE; the largest one of a client
	Smaller     string // a client's subdivision within Subdivision; empty for none
	Point       *Point // nil if it is not known
}

// Point is a point on the globe, in degrees.
type Point struct{ Latitude, Longitude float64 }

var (
	errForm      = errors.New("is not a location: want a continent such as GEO-EU, a country such as DE, a subdivision such as DE-BE, or LAT,LON such as 52.52,13.40")
	errContinent = errors.New("is not a continent: want GEO-AF, GEO-AN, GEO-AS, GEO-EU, GEO-NA, GEO-OC or GEO-SA")
	errCountry   = errors.New("is not a country: want the two letters of ISO 3166-1, such as DE")
	errPoint     = errors.New("is no point: want a latitude from -90 to 90, a comma, and a longitude from -180 to 180")
)

// continentPrefix marks continents: NA, SA, AF and AS are countries too.
const continentPrefix = "GEO-"

// Parse reads LOCATION (T4): GEO-EU, DE, DE-BE or LAT,LON. A point has no country, and a country has no point.
func Parse(s string) (Place, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	if latitude, longitude, ok := strings.Cut(s, ","); ok {
		p := ParsePoint(latitude, longitude)
		if p == nil {
			return Place{}, errPoint
		}
		return Place{Point: p}, nil
	}
	if continent, ok := strings.CutPrefix(s, continentPrefix); ok {
		if countries[continent] == "" {
			return Place{}, errContinent
		}
		return Place{Continent: continent}, nil
	}
	country, subdivision, divided := strings.Cut(s, "-")
	switch {
	case len(country) != 2 || divided && !isSubdivision(subdivision):
		return Place{}, errForm
	case continentOf(country) == "" && countries[country] != "": // EU, OC and AN are not countries
		return Place{}, errors.New("is a continent: write " + continentPrefix + country)
	case continentOf(country) == "":
		return Place{}, errCountry
	}
	p := Place{Continent: continentOf(country), Country: country}
	if divided {
		p.Subdivision = subdivision
	}
	return p, nil
}

// ParsePoint reads a latitude and a longitude. It returns nil if they are not those of a point.
func ParsePoint(latitude, longitude string) *Point {
	lat, err1 := strconv.ParseFloat(strings.TrimSpace(latitude), 64)
	lon, err2 := strconv.ParseFloat(strings.TrimSpace(longitude), 64)
	if err1 != nil || err2 != nil || !(math.Abs(lat) <= 90) || !(math.Abs(lon) <= 180) {
		return nil
	}
	return &Point{lat, lon}
}

func isSubdivision(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 3
}

// String returns the place as Parse reads it.
func (p *Place) String() string {
	switch {
	case p.Subdivision != "":
		return p.Country + "-" + p.Subdivision
	case p.Country != "":
		return p.Country
	case p.Continent != "":
		return continentPrefix + p.Continent
	case p.Point != nil:
		return p.Point.String()
	}
	return ""
}

// String returns the point as Parse reads it.
func (p *Point) String() string {
	return strconv.FormatFloat(p.Latitude, 'f', -1, 64) + "," + strconv.FormatFloat(p.Longitude, 'f', -1, 64)
}

// Level is what two places have in common. A greater level means nearer.
type Level uint8

const (
	Nothing Level = iota
	SameContinent
	SameCountry
	SameSubdivision
)

// String returns what the places have in common.
func (l Level) String() string {
	return [...]string{"nothing", "the continent", "the country", "the subdivision"}[l]
}

// Near returns what the place of a target has in common with that of a client.
func (p *Place) Near(client *Place) Level {
	switch {
	case p.Subdivision != "" && p.Country == client.Country && (p.Subdivision == client.Subdivision || p.Subdivision == client.Smaller):
		return SameSubdivision
	case p.Country != "" && p.Country == client.Country:
		return SameCountry
	case p.Continent != "" && p.Continent == client.Continent:
		return SameContinent
	}
	return Nothing
}

// earthRadius is the mean radius of the earth in kilometres.
const earthRadius = 6371

// Distance returns the length of the great circle between two points in kilometres.
func (p *Point) Distance(q *Point) float64 {
	const degree = math.Pi / 180
	lat := math.Sin((q.Latitude - p.Latitude) * degree / 2)
	lon := math.Sin((q.Longitude - p.Longitude) * degree / 2)
	h := lat*lat + math.Cos(p.Latitude*degree)*math.Cos(q.Latitude*degree)*lon*lon
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}
