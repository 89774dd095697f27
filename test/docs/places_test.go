package docs

import (
	"bytes"
	bigendian "encoding/binary"
	"math"
	"net/netip"
	"testing"
)

// places are the networks of the database that geoip reads here, all of them reserved for documentation.
var places = map[string]geoRecord{
	"198.51.100.0/24": {"EU", "FR", "IDF", 48.86, 2.35},
	"203.0.113.0/24":  {"AS", "JP", "13", 35.68, 139.69},
	"2001:db8:a::/48": {"NA", "CA", "ON", 43.65, -79.38},
	"2001:db8:b::/48": {"SA", "BR", "SP", -23.55, -46.63},
}

type geoRecord struct {
	continent, country, subdivision string
	latitude, longitude             float64
}

// geoTree is the search tree of a database: a node has a child for each value of a bit.
type geoTree struct {
	child  [2]*geoTree
	record []byte // of a leaf
}

// geoDatabase returns a database of cities in MaxMind's format (https://maxmind.github.io/MaxMind-DB/).
func geoDatabase(t *testing.T) []byte {
	root := &geoTree{}
	for network, r := range places {
		p, err := netip.ParsePrefix(network)
		if err != nil {
			t.Fatal(err)
		}
		at := p.Addr().As16()
		if p.Addr().Is6() {
			root.add(at, p.Bits(), r.encode())
			continue
		}
		// IPv4 is at ::/96 and, as in MaxMind's own databases, at ::ffff:0:0/96, where geoip looks for client subnets.
		root.add(at, p.Bits()+96, r.encode())
		clear(at[:12])
		root.add(at, p.Bits()+96, r.encode())
	}

	var nodes []*geoTree
	var walk func(*geoTree)
	number := map[*geoTree]int{}
	walk = func(n *geoTree) {
		if n == nil || n.record != nil {
			return
		}
		number[n] = len(nodes)
		nodes = append(nodes, n)
		walk(n.child[0])
		walk(n.child[1])
	}
	walk(root)

	var tree, data bytes.Buffer
	for _, n := range nodes {
		for _, child := range n.child {
			value := len(nodes) // nothing is known
			switch {
			case child == nil:
			case child.record != nil:
				value += 16 + data.Len()
				data.Write(child.record)
			default:
				value = number[child]
			}
			_ = bigendian.Write(&tree, bigendian.BigEndian, uint32(value))
		}
	}
	tree.Write(make([]byte, 16))
	tree.Write(data.Bytes())
	tree.WriteString("\xab\xcd\xefMaxMind.com")
	tree.Write(geoMap("binary_format_major_version", geoUint16(2), "binary_format_minor_version", geoUint16(0),
		"build_epoch", geoUint16(1), "database_type", geoString("GeoLite2-City"), "description", geoMap(), "ip_version", geoUint16(6),
		"languages", []byte{0, 4}, "node_count", geoUint16(uint16(len(nodes))), "record_size", geoUint16(32)))
	return tree.Bytes()
}

// add makes the leaf of a prefix.
func (n *geoTree) add(at [16]byte, length int, record []byte) {
	for i := range length {
		next := &n.child[at[i/8]>>(7-i%8)&1]
		if *next == nil {
			*next = &geoTree{}
		}
		n = *next
	}
	n.record = record
}

func (r *geoRecord) encode() []byte {
	return geoMap("continent", geoMap("code", geoString(r.continent)), "country", geoMap("iso_code", geoString(r.country)),
		"subdivisions", append([]byte{1, 4}, geoMap("iso_code", geoString(r.subdivision))...),
		"location", geoMap("latitude", geoDouble(r.latitude), "longitude", geoDouble(r.longitude)))
}

// geoMap encodes keys and their values.
func geoMap(pairs ...any) []byte {
	encoded := []byte{7<<5 | byte(len(pairs)/2)}
	for _, p := range pairs {
		switch p := p.(type) {
		case string:
			encoded = append(encoded, geoString(p)...)
		case []byte:
			encoded = append(encoded, p...)
		}
	}
	return encoded
}

// geoString encodes a string of at most 28 bytes.
func geoString(s string) []byte { return append([]byte{2<<5 | byte(len(s))}, s...) }

func geoUint16(n uint16) []byte { return bigendian.BigEndian.AppendUint16([]byte{5<<5 | 2}, n) }

func geoDouble(f float64) []byte {
	return bigendian.BigEndian.AppendUint64([]byte{3<<5 | 8}, math.Float64bits(f))
}
