package steer

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// aTarget returns the target of an object.
func aTarget(name string, cluster int, st record.Stated, addrs ...string) zone.Target {
	d := &record.Data{Extra: record.NoExtra, Steering: &record.Steering{Stated: &st}}
	for _, a := range addrs {
		d.Addrs = append(d.Addrs, netip.MustParseAddr(a).As16())
	}
	d.Addrs = target.Sort(d.Addrs)
	return zone.Target{Cluster: cluster, Record: &record.Record{Meta: record.Meta{Name: name}}, Data: d, Addrs: d.Addrs}
}

// plain says nothing.
var plain = record.Stated{Weight: 1}

func at(t *testing.T, location string) record.Stated {
	t.Helper()
	p, err := place.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	return record.Stated{Weight: 1, Place: &p}
}

func prefixes(list ...string) (out []netip.Prefix) {
	for _, s := range list {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

// networks are those of the tests: lan with a hole, which is dmz, and one of both families.
func networks() *Networks {
	n := &Networks{}
	n.Add("lan", prefixes("10.0.0.0/8"))
	n.Add("dmz", prefixes("10.1.2.0/24"))
	n.Add("tailnet", prefixes("100.64.0.0/10", "fd7a:115c:a1e0::/48"))
	return n
}

// client reads a source address, or a client subnet.
func client(s string) (c Client) {
	if strings.Contains(s, "/") {
		c.SetPrefix(netip.MustParsePrefix(s).Masked())
	} else {
		c.SetAddr(netip.MustParseAddr(s))
	}
	return c
}

// kept returns the targets that a chain keeps, as NAME=ADDRESSES, or "refused".
func kept(c *Chain, who Client, targets ...zone.Target) string {
	text, _ := keptScope(c, who, targets...)
	return text
}

func keptScope(c *Chain, who Client, targets ...zone.Target) (string, uint8) {
	q := c.NewQuestion()
	q.Client = who
	defer q.Release()
	list := append(q.Targets("web.example.com"), targets...)
	got, ok := q.Choose(nil, list)
	var texts []string
	for _, t := range got {
		text := t.Record.Name
		for i, a := range t.Addrs {
			text += map[bool]string{true: "=", false: "+"}[i == 0] + a.String()
		}
		texts = append(texts, text)
	}
	q.Done(list)
	if !ok {
		return "refused", q.Scope()
	}
	slices.Sort(texts)
	return strings.Join(texts, " "), q.Scope()
}

func chain(t *testing.T, filters string, places ...string) *Chain {
	t.Helper()
	var list []*place.Place
	for _, p := range places {
		if p == "" {
			list = append(list, nil)
		} else {
			list = append(list, at(t, p).Place)
		}
	}
	return New(strings.Fields(filters), networks(), list, nil)
}
