package zone_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Z14, N7: long lists, two of which are the same: union against objects.
func TestUnionOfEqualLongLists(t *testing.T) {
	f := fixture.New(t, "resources Ingress")
	for i, from := range []int{10_000, 10_000, 20_000, 30_000, 0} {
		f.Apply(fixture.IngressWithTargets(fmt.Sprint("o", i), fixture.SomeAddresses(from, 2100)))
	}
	for i := range zone.MinShared {
		f.Apply(fixture.IngressWithTargets(fmt.Sprint("p", i), "b.example.net")) // a hostname has no part beside addresses
	}
	if n := len(f.Served[0].Parts[0].Unions); n != 1 {
		t.Fatalf("%d unions", n)
	}
	fixture.CompareUnions(t, f, "equal long lists", "web.example.com")
}

// Z14: the same five objects without a union, in two orders.
func TestEqualLongListsInAnyOrder(t *testing.T) {
	objects := []string{fixture.IngressWithTargets("o0", fixture.SomeAddresses(10_000, 2000)), fixture.IngressWithTargets("o1", fixture.SomeAddresses(10_000, 2000)), fixture.IngressWithTargets("o2", fixture.SomeAddresses(20_000, 2000)),
		fixture.IngressWithTargets("o3", fixture.SomeAddresses(30_000, 2000)), fixture.IngressWithTargets("o4", fixture.SomeAddresses(0, 2000))}
	var said []string
	for _, order := range [][]int{{0, 1, 2, 3, 4}, {2, 0, 1, 3, 4}} {
		f := fixture.New(t, "resources Ingress")
		for _, i := range order {
			f.Apply(objects[i])
		}
		said = append(said, strings.Join(f.Answers("web.example.com. A"), "\n"))
	}
	if said[0] != said[1] {
		t.Errorf("the order in which objects come counts:\n%.40s...\n%.40s...", said[0], said[1])
	}
}

// N7: more than MaxRecords short records.
func TestManyRecordsOfOneType(t *testing.T) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_="
	var texts []string
	for _, a := range letters {
		texts = append(texts, string(a))
		for _, b := range letters {
			texts = append(texts, string(a)+string(b))
		}
	}
	f := fixture.New(t, "resources DNSEndpoint")
	n := 0
	for list := range slices.Chunk(texts, 8) {
		var quoted []string
		for _, s := range list {
			quoted = append(quoted, fmt.Sprintf("%q", s))
		}
		f.Apply(fixture.Endpoints(fmt.Sprint("t", n), fmt.Sprintf("\n  - {dnsName: web.example.com, recordType: TXT, targets: [%s]}", strings.Join(quoted, ", "))))
		n++
	}
	for _, whole := range []bool{true, false} {
		var a zone.Answer
		v := zone.View{Database: &f.Database, Find: zone.Indexed, Match: f.Names.Find("web.example.com"), Name: "web.example.com", Zone: f.Zones.All[0], WithoutUnions: whole}
		v.Answer(dns.TypeTXT, &a)
		if len(a.RRs) > record.MaxRecords {
			t.Errorf("without unions %t: %d records", whole, len(a.RRs))
		}
		t.Log(len(a.RRs), len(f.Served[0].Parts[0].Unions))
	}
	fixture.CompareUnions(t, f, "many TXT", "web.example.com")
}

// N7: objects of all kinds at a few names, around the threshold, with in-place updates, TTL changes, duplicate data.
func TestUnionsOfRandomObjects(t *testing.T) {
	for seed := range uint64(4) {
		f := fixture.New(t, "resources Ingress Service HTTPRoute DNSEndpoint", fixture.AGateway("gw0", "192.0.2.1"), fixture.AGateway("gw1", "192.0.2.2", "2001:db8::1"))
		rnd := rand.New(rand.NewPCG(seed, 7))
		pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
		owners := []string{"web.example.com", "*.web.example.com", "example.com"}
		kind := int(seed)
		object := func(i int) string {
			owner, ttl := owners[rnd.IntN(len(owners))], fmt.Sprint(10+rnd.IntN(3))
			name := fmt.Sprint("o", i)
			addrs := pick("192.0.2.1", "192.0.2.2,192.0.2.3", "2001:db8::1", "192.0.2.4,2001:db8::2", "a.example.net", "b.example.net,a.example.net",
				"web.example.com", "x.web.example.com", "x.web.example.com,a.example.net", fixture.SomeAddresses(rnd.IntN(4), 8), fixture.SomeAddresses(rnd.IntN(4), 9), fixture.SomeAddresses(rnd.IntN(4), 9)+",2001:db8::3")
			if rnd.IntN(3) > 0 {
				owner = owners[0]
			}
			annotations := fmt.Sprintf("annotations: {coredns.io/hostname: %q, coredns.io/target: %q, coredns.io/ttl: %q}", owner+","+owners[rnd.IntN(3)], addrs, ttl)
			switch kind {
			case 0:
				return fixture.AnObject("Ingress", "default/"+name, annotations, "spec: {}")
			case 1:
				return fixture.AnObject("Service", "default/"+name, annotations, "spec: {type: LoadBalancer, ports: [{name: "+pick("http", "dns")+", port: "+pick("80", "81")+"}]}")
			case 2:
				if rnd.IntN(4) > 0 {
					annotations = fmt.Sprintf("annotations: {coredns.io/hostname: %q, coredns.io/ttl: %q}", owner, fmt.Sprint(10+rnd.IntN(60)))
				}
				return fixture.AnObject("HTTPRoute", "default/"+name, annotations, "spec: {parentRefs: [{name: "+pick("gw0", "gw1")+"}]}")
			}
			var list string
			for range 1 + rnd.IntN(5) {
				list += fmt.Sprintf("\n  - {dnsName: %q, recordTTL: %d, %s}", owner, 10+rnd.IntN(3), pick(
					"recordType: CNAME, targets: [c.example.net]", "recordType: CNAME, targets: [a.example.net]", "recordType: CNAME, targets: [x.web.example.com]",
					"recordType: TXT, targets: [one, two]", "recordType: TXT, targets: [two]", "recordType: TXT, targets: ["+strings.Join(fixture.Numbered(9, "t%d"), ", ")+"]",
					`recordType: MX, targets: ["10 mx.example.net"]`, "recordType: MX, targets: ["+strings.Join(fixture.Numbered(9, "%d mx.example.net"), ", ")+"]",
					"recordType: A, targets: [192.0.2.9]", "recordType: A, targets: ["+fixture.SomeAddresses(0, 9)+"]", "recordType: A, targets: ["+fixture.SomeAddresses(0, 8)+"]", "recordType: AAAA, targets: ['2001:db8::9']",
					"recordType: AAAA, targets: ["+strings.Join(fixture.Numbered(9, "'2001:db8::%d'"), ", ")+"]"))
			}
			return fixture.Endpoints(name, list)
		}
		there := map[int]string{}
		made := 0
		for step := range 300 {
			i := rnd.IntN(110)
			switch {
			case step > 150 && step%20 == 0:
				f.Apply(fixture.AGateway(pick("gw0", "gw1"), strings.Split(pick("192.0.2.1", "192.0.2.5,192.0.2.6", "2001:db8::5", fixture.SomeAddresses(0, 9), fixture.SomeAddresses(1, 8), "b.example.net"), ",")...))
			case there[i] != "" && rnd.IntN(3) == 0:
				f.Remove(there[i])
				delete(there, i)
			default:
				there[i] = object(i)
				f.Apply(there[i])
			}
			for i := range f.Served {
				made += len(f.Served[i].Parts[0].Unions)
			}
			if !fixture.CompareUnions(t, f, fmt.Sprint("seed ", seed, " step ", step), "web.example.com", "x.web.example.com", "example.com", "_http._tcp.web.example.com") {
				break
			}
		}
		t.Logf("seed %d: %d unions seen", seed, made)
		for i, o := range there {
			f.Remove(o)
			delete(there, i)
		}
		for i := range f.Served {
			if n := len(f.Served[i].Parts[0].Unions); n > 0 {
				t.Errorf("seed %d: %d unions left", seed, n)
			}
		}
	}
}

// R7, N7: relists, compared after each put.
func TestUnionsDuringRelists(t *testing.T) {
	for _, kind := range []string{"Ingress", "DNSEndpoint", "HTTPRoute"} {
		rnd := rand.New(rand.NewPCG(3, 4))
		f := fixture.New(t, "resources "+kind)
		if kind == "HTTPRoute" {
			f.Apply(fixture.AGateway("gw", "192.0.2.1"))
		}
		object := func(i int) string {
			host, list := []string{"web.example.com", "b.example.com", "web.example.com,b.example.com"}[rnd.IntN(3)], fixture.SomeAddresses(rnd.IntN(40), 7+rnd.IntN(4))
			switch kind {
			case "Ingress":
				return fixture.AnObject(kind, fmt.Sprint("default/o", i), fmt.Sprintf("annotations: {coredns.io/hostname: %q, coredns.io/target: %q}", host, list), "spec: {}")
			case "HTTPRoute":
				return fixture.RouteWithTTL(fmt.Sprint("o", i), 100+rnd.IntN(90), host[:len("b.example.com")], "web.example.com")
			}
			return fixture.Endpoints(fmt.Sprint("o", i), fmt.Sprintf("\n  - {dnsName: web.example.com, recordType: %s}", []string{"A, targets: [" + list + "]", "TXT, targets: [" + list + "]", "CNAME, targets: [a.example.net]"}[rnd.IntN(3)]))
		}
		n := slices.IndexFunc(f.Informers(), func(i *kube.Informer) bool { return i.Title == kind })
		i := f.Informers()[n]
		steps := 0
		fixture.AfterEachPut(t, i, func() {
			steps++
			if steps%3 == 0 && !t.Failed() {
				fixture.CompareUnions(t, f, fmt.Sprint(kind, " step ", steps), "web.example.com", "b.example.com")
			}
		})
		for range 5 {
			var objs []kube.Object
			for i := range 85 {
				if rnd.IntN(6) > 0 {
					objs = append(objs, fixture.Decode(t, object(i))...)
				}
			}
			fixture.Relist(t, i, objs...)
		}
		fixture.Relist(t, i)
		if n := len(f.Served[0].Parts[0].Unions); n > 0 {
			t.Errorf("%d unions are left", n)
		}
		t.Log(kind, steps, "steps")
	}
}

// Names cross the threshold up and down while the unions that a change makes are used up.
func TestUnionsMadeLater(t *testing.T) {
	const hosts = 700
	f := fixture.New(t, "resources Ingress")
	rnd := rand.New(rand.NewPCG(5, 6))
	names := fixture.Numbered(hosts, "h%d.example.com")
	check := func(what any) {
		for i := rnd.IntN(7); i < hosts; i += 7 {
			m := f.Names.Find(names[i])
			said := func(whole bool) string {
				var a zone.Answer
				v := zone.View{Database: &f.Database, Find: zone.Indexed, Match: m, Name: names[i], Zone: f.Zones.All[0], WithoutUnions: whole}
				v.Answer(dns.TypeA, &a)
				return fmt.Sprint(a.Addrs, a.TTL, a.Hosts)
			}
			if got, want := said(false), said(true); got != want {
				t.Fatalf("%v %s\n %s\n %s", what, names[i], got, want)
			}
		}
	}
	for i := range 62 {
		f.Feed(cache.Updated, fixture.LargeIngress(fmt.Sprint("large", i), hosts, 1+i%12))
	}
	for step := range 60 {
		ing := fixture.LargeIngress(fmt.Sprint("large", 60+rnd.IntN(6)), hosts, 1+rnd.IntN(12))
		from := rnd.IntN(hosts)
		ing.Spec.Rules = ing.Spec.Rules[from:]
		if change := cache.Updated; rnd.IntN(3) == 0 {
			change = cache.Deleted
			f.Feed(change, ing)
		} else {
			f.Feed(change, ing)
		}
		check(step)
	}
	t.Log(len(f.Served[0].Parts[0].Unions), "unions")
	matchesSome(f, names[0], names[hosts-1])
}

func matchesSome(f *fixture.Stanza, names ...string) {
	f.T.Helper()
	sets := map[string][]dns.RR{}
	for _, rr := range f.Zone("example.com.") {
		sets[rr.Header().Name] = append(sets[rr.Header().Name], rr)
	}
	for _, name := range names {
		m, _ := f.Query(new(dns.Msg).SetQuestion(name+".", dns.TypeA))
		if got, want := fixture.ZoneText(m.Answer), fixture.ZoneText(sets[name+"."]); !slices.Equal(got, want) {
			f.T.Errorf("%s: answered %d, transferred %d", name, len(got), len(want))
		}
	}
}

// Transfers against questions, for names of all kinds with unions.
func TestTransferOfUnions(t *testing.T) {
	f := fixture.New(t, "resources Ingress Service HTTPRoute DNSEndpoint", fixture.AGateway("gw", "192.0.2.1", "2001:db8::1"))
	for i := range 70 {
		f.Apply(fixture.IngressAt(fmt.Sprint("i", i), "*.w.example.com", fmt.Sprintf("192.0.2.%d", i+1)))
		f.Apply(fixture.ServiceAt(fmt.Sprint("s", i), "svc.example.com", fmt.Sprintf("192.0.2.%d", i%3+1)))
		f.Apply(fixture.RouteWithTTL(fmt.Sprint("r", i), 100+i, "web.example.com"))
		f.Apply(fixture.Endpoints(fmt.Sprint("e", i), fmt.Sprintf("\n  - {dnsName: end.example.com, recordType: A, recordTTL: %d, targets: [%s]}\n  - {dnsName: end.example.com, recordType: TXT, targets: [%s]}\n  - {dnsName: sub.example.com, recordType: NS, targets: [ns%d.sub.example.com]}\n  - {dnsName: ns%d.sub.example.com, recordType: A, targets: [192.0.2.1]}",
			100+i, fixture.SomeAddresses(i, 6+i%5), strings.Join(fixture.Numbered(6+i%5, "t%d"), ", "), i%4, i%4)))
	}
	f.Complete()
	n := 0
	for i := range f.Served {
		n += len(f.Served[i].Parts[0].Unions)
	}
	t.Log(n, "unions")
	f.Matches("example.com.")
}
