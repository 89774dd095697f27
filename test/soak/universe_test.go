package soak

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

const (
	zone        = "soak.test"
	deepZone    = "deep.soak.test" // lies within zone
	reverseZone = "2.0.192.in-addr.arpa"
	reverseSix  = "8.b.d.0.1.0.0.2.ip6.arpa"

	wide = "*.test" // a host of routes and listeners, which may be above the zones

	infra = "soak-infra" // the namespace of the nameserver and of what is the same in every round
)

var namespaces = []string{"soak-a", "soak-b", "soak-c"}

// The names that many objects share, so that they meet: above, beside and below each other.
var (
	core      = coreNames()
	wildcards = []string{
		"*." + zone, "*.a." + zone, "*.b." + zone, "*.c." + zone, "*.a.a." + zone, "*.b.a." + zone, "*.a.b." + zone, "*.cut." + zone, "*." + deepZone, "*.a." + deepZone,
	}
	cuts = []string{"cut." + zone, "a.cut." + zone, "c.d." + zone, "b." + deepZone}
)

func coreNames() []string {
	labels := []string{"a", "b", "c", "d"}
	list := []string{zone, deepZone, "a." + deepZone, "b." + deepZone, "a.a." + deepZone, "a.b." + deepZone, "xn--bcher-kva." + zone}
	for _, one := range append(labels, "cut") {
		list = append(list, one+"."+zone)
		for _, two := range labels {
			list = append(list, two+"."+one+"."+zone)
			for _, three := range labels[:2] {
				list = append(list, three+"."+two+"."+one+"."+zone)
			}
		}
	}
	return list
}

// tailName is a name that few objects share: for each number another one.
func tailName(n int) string { return fmt.Sprintf("t%d.%d.tail.%s", n, n%7, zone) }

// chance is a source of random choices.
type chance struct {
	*rand.Rand
	tail int // how many names there are in the tail
}

func newChance(seed uint64, stream, tail int) chance {
	return chance{rand.New(rand.NewPCG(seed, uint64(stream))), tail}
}

// in reports true once in n times.
func (c chance) in(n int) bool { return c.IntN(n) == 0 }

func pick[T any](c chance, list []T) T { return list[c.IntN(len(list))] }

// some returns between least and most elements of a list, each once, in any order.
func some[T any](c chance, list []T, least, most int) []T {
	list = slices.Clone(list)
	c.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:min(len(list), least+c.IntN(most-least+1))]
}

// host returns a name for an object: of the core, or of the tail for an object with a number there. It may be a wildcard.
func (c chance) host(number int) string {
	switch {
	case number >= 0 && !c.in(20):
		return tailName(number)
	case number >= 0 && !c.in(3):
		return tailName(c.IntN(c.tail))
	case c.in(5):
		return pick(c, wildcards)
	}
	return pick(c, core)
}

// hosts returns some names for an object.
func (c chance) hosts(number, least, most int) []string {
	var list []string
	for range least + c.IntN(most-least+1) {
		list = append(list, c.host(number))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// written returns a name as somebody may write it.
func (c chance) written(name string) string {
	switch {
	case strings.HasPrefix(name, "xn--bcher-kva.") && c.in(2):
		name = strings.Replace(name, "xn--bcher-kva", "Bücher", 1)
	case c.in(10):
		name = strings.ToUpper(name)
	}
	if c.in(10) {
		name += "."
	}
	return name
}

// badNames are no names, or in no zone.
var badNames = []string{"bad host", "under_score." + zone, "192.0.2.1", "a.." + zone, "a.*." + zone, "-a." + zone, "other.example"}

// ip returns an address.
func (c chance) ip() string {
	switch c.IntN(4) {
	case 0:
		return fmt.Sprintf("2001:db8::%x", 1+c.IntN(16))
	case 1:
		return fmt.Sprintf("198.51.100.%d", 1+c.IntN(16))
	}
	return fmt.Sprintf("192.0.2.%d", 1+c.IntN(30))
}

func (c chance) ips(least, most int) []string {
	var list []string
	for range least + c.IntN(most-least+1) {
		list = append(list, c.ip())
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// badAddresses are no addresses that a name can have.
var badAddresses = []string{"0.0.0.0", "::", "fe80::1%eth0", "256.0.0.1", "010.0.0.1"}

// target returns the name of something that an object may be an alias of.
func (c chance) target() string {
	switch c.IntN(6) {
	case 0, 1:
		return pick(c, []string{"one", "four", "gone", "alias"}) + "." + elsewhere
	case 2:
		return tailName(c.IntN(c.tail))
	case 3:
		return "ns2." + zone
	}
	return pick(c, core)
}

// targets returns what the status of an object may say of where it is reached: nothing yet, addresses, names, or both.
func (c chance) targets() (ips, hosts []string) {
	switch c.IntN(10) {
	case 0:
	case 1:
		hosts = []string{c.target()}
	case 2:
		hosts = []string{c.target(), c.target()}
	case 3:
		ips, hosts = c.ips(1, 2), []string{c.target()}
	default:
		ips = c.ips(1, 3)
	}
	return ips, hosts
}
