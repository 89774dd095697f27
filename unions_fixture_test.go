package gateway

import (
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// answeredWith is what a question gets, with unions or without.
func answeredWith(f *fixture, name string, qtype uint16, whole bool) string {
	m := f.Names.Find(name)
	if m.Result != dnsname.Exact && m.Result != dnsname.Wildcard {
		return "none"
	}
	var a zone.Answer
	v := zone.View{Database: &f.Database, Find: zone.Indexed, Match: m, Name: name, Zone: f.Zones.All[0], WithoutUnions: whole}
	v.Answer(qtype, &a)
	texts := zoneText(a.RRs)
	a.Parts, a.RRs = 0, nil
	if a.Addressed || a.Hostnames() {
		a.HostTTL, a.CnameTTL, a.CNAME = 0, 0, ""
	}
	return fmt.Sprintf("%+v %v %v", a, texts, v.HasOthers())
}

func compareUnions(t *testing.T, f *fixture, what any, names ...string) bool {
	t.Helper()
	for _, name := range names {
		for _, qtype := range append([]uint16{dns.TypeANY, dns.TypeNS, dns.TypeCNAME}, zone.AnyTypes...) {
			if got, want := answeredWith(f, name, qtype, false), answeredWith(f, name, qtype, true); got != want {
				if len(got) > 600 {
					got, want = got[:600], want[:600]
				}
				t.Errorf("%v: %s %s:\n union  %s\n objects %s", what, name, dns.Type(qtype), got, want)
				return false
			}
		}
	}
	return true
}

func someAddresses(from, n int) string { return strings.Join(addresses(from + n)[from:], ",") }

func ingressWithTargets(name, targets string) string {
	return anObject("Ingress", "default/"+name, fmt.Sprintf("annotations: {coredns.io/hostname: web.example.com, coredns.io/target: %q}", targets), "spec: {}")
}
