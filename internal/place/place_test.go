package place

import (
	"math"
	"strings"
	"testing"
)

// T4: what a location may be, and what it says.
func TestParse(t *testing.T) {
	for text, want := range map[string]Place{
		"GEO-EU":        {Continent: "EU"},
		"geo-na":        {Continent: "NA"},
		"NA":            {Continent: "AF", Country: "NA"}, // Namibia
		"SA":            {Continent: "AS", Country: "SA"},
		"AF":            {Continent: "AS", Country: "AF"},
		"AS":            {Continent: "OC", Country: "AS"},
		"de":            {Continent: "EU", Country: "DE"},
		" DE-BE ":       {Continent: "EU", Country: "DE", Subdivision: "BE"},
		"US-CA":         {Continent: "NA", Country: "US", Subdivision: "CA"},
		"CY":            {Continent: "EU", Country: "CY"},
		"52.52, -13.40": {Point: &Point{52.52, -13.4}},
	} {
		got, err := Parse(text)
		if err != nil || (got.Point == nil) != (want.Point == nil) || got.Point != nil && *got.Point != *want.Point {
			t.Errorf("%q: %+v, %v, want %+v", text, got, err, want)
		}
		if got.Point = want.Point; got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
		if again, err := Parse(got.String()); err != nil || again.String() != got.String() {
			t.Errorf("%q: %q is not read back: %v", text, got.String(), err)
		}
	}
	for text, reason := range map[string]string{
		"": "is not a location", "Germany": "is not a location", "EU": "write GEO-EU", "OC": "write GEO-OC", "AN": "write GEO-AN", "GEO-DE": "is not a continent", "XX": "is not a country",
		"DE-": "is not a location", "DE-BERLIN": "is not a location", "DE-B!": "is not a location", "91,0": "is no point", "0,181": "is no point", "NaN,0": "is no point", "1,2,3": "is no point", "1,": "is no point",
	} {
		if got, err := Parse(text); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: %+v, %v, want an error with %q", text, got, err, reason)
		}
	}
}

// T4: the same subdivision beats the same country beats the same continent, and a place inside another counts as in it.
func TestNear(t *testing.T) {
	berlin := &Place{Continent: "EU", Country: "DE", Subdivision: "BE"}
	for _, tc := range []struct {
		target string
		client *Place
		want   Level
	}{
		{"DE-BE", berlin, SameSubdivision},
		{"DE-HH", berlin, SameCountry},
		{"DE", berlin, SameCountry},
		{"FR", berlin, SameContinent},
		{"GEO-EU", berlin, SameContinent},
		{"GEO-NA", berlin, Nothing},
		{"52.5,13.4", berlin, Nothing},
		{"DE-BE", &Place{Continent: "EU", Country: "DE"}, SameCountry},
		{"DE-BE", &Place{Continent: "EU"}, SameContinent},
		{"GB-WBK", &Place{Continent: "EU", Country: "GB", Subdivision: "ENG", Smaller: "WBK"}, SameSubdivision},
		{"US-DE", berlin, Nothing}, // Delaware
		{"IN-BE", berlin, Nothing},
		{"DE", &Place{}, Nothing},
		{"GEO-AF", &Place{Continent: "AS", Country: "AF"}, Nothing}, // Afghanistan
	} {
		target, err := Parse(tc.target)
		if err != nil {
			t.Fatal(err)
		}
		if got := target.Near(tc.client); got != tc.want {
			t.Errorf("%s and %+v have %s in common, want %s", tc.target, tc.client, got, tc.want)
		}
	}
}

// T4: the great circle, which may cross the meridian of 180 degrees and the poles.
func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b Point
		want float64
	}{
		{Point{52.52, 13.405}, Point{48.8566, 2.3522}, 878},
		{Point{0, 179}, Point{0, -179}, 222},
		{Point{90, 0}, Point{90, 120}, 0},
		{Point{0, 0}, Point{0, 180}, 20015},
		{Point{10, 10}, Point{10, 10}, 0},
	} {
		for _, got := range []float64{tc.a.Distance(&tc.b), tc.b.Distance(&tc.a)} {
			if math.Abs(got-tc.want) > 1 {
				t.Errorf("%v to %v: %.1f km, want %.0f", tc.a, tc.b, got, tc.want)
			}
		}
	}
}

// Every country is in one continent.
func TestCountries(t *testing.T) {
	n := 0
	for _, list := range countries {
		n += len(strings.Fields(list))
	}
	if n != len(continents) || n != 250 {
		t.Errorf("%d countries in %d places, want 250, each once", len(continents), n)
	}
}
