package kube_test

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"google.golang.org/protobuf/encoding/protowire"

	networkingv1 "k8s.io/api/networking/v1"

	metainternalversion "k8s.io/apimachinery/pkg/apis/meta/internalversion"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/streaming"

	restclientwatch "k8s.io/client-go/rest/watch"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/gatewayapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// damagedKinds are the custom resources that a damaged object may be one of, with an object that answers for a name.
var damagedKinds = []struct {
	kind string
	good func(name string) string
}{
	{"HTTPRoute", func(name string) string { return fixture.ARoute("HTTPRoute", name, "gw", name+".example.com") }},
	{"TCPRoute", func(name string) string {
		return fixture.AnObject("TCPRoute", "default/"+name, "annotations: {coredns.io/hostname: "+name+".example.com}", "spec: {parentRefs: [{name: gw}]}")
	}},
	{"Gateway", func(name string) string {
		return fixture.AnObject("Gateway", "default/"+name, "annotations: {coredns.io/hostname: "+name+".example.com}", "spec: {gatewayClassName: x, listeners: []}", "status: {addresses: [{value: 192.0.2.1}]}")
	}},
	{"DNSEndpoint", func(name string) string {
		return fixture.Endpoints(name, "\n  - {dnsName: "+name+".example.com, recordType: A, targets: [192.0.2.1]}")
	}},
}

// FuzzDamagedObject puts whatever JSON is between two good objects, of each kind of custom resource, in a list and in a
// watch. The good ones answer (N5). What is no JSON has a list refused, and harms nothing else.
func FuzzDamagedObject(f *testing.F) {
	for _, k := range damagedKinds {
		item := fixture.SentJSON(f, k.good("bad"), "3")
		f.Add(item)
		for _, damage := range [][2]string{
			{`"spec":{`, `"spec":[{`}, {`"spec":{`, `"spec":7,"x":{`}, {`"name":"bad"`, `"name":{}`}, {`"bad.example.com"`, `{"a":1}`}, {`"metadata":{`, `"metadata":{"labels":[],`},
			{`"name":"gw"`, `"name":"gw","port":1e99`}, {`"192.0.2.1"`, `192`}, {`}`, ``}, {`"kind":`, `"Kind":`},
			{`"spec":{`, `"status":{"parents":[{"conditions":{}}],"listeners":"x","addresses":[7],"conditions":[{"type":7}]},"spec":{"listeners":[{"port":70000000000,"allowedRoutes":7}],"endpoints":[null,7,{"recordTTL":"x"}],`},
		} {
			f.Add(strings.Replace(item, damage[0], damage[1], 1))
		}
	}
	for _, item := range []string{`null`, `7`, `{}`, `[]`, `{"kind":"Status","code":410}`, `{"metadata":{"name":"bad"}}`, `{"metadata":null}`, `"`, strings.Repeat("[", 11_000), "\x00"} {
		f.Add(item)
	}
	f.Fuzz(func(t *testing.T, item string) {
		var line bytes.Buffer
		valid := json.Compact(&line, []byte(item)) == nil
		for _, k := range damagedKinds {
			for _, inWatch := range []bool{false, true} {
				fx := fixture.New(t, "resources HTTPRoute TCPRoute Gateway DNSEndpoint", fixture.AGateway("gw", "192.0.2.1")+fixture.AnObject("Gateway", "default/gw",
					"spec: {gatewayClassName: x, listeners: [{name: http, port: 80, protocol: HTTP}, {name: tcp, port: 90, protocol: TCP}]}", "status: {addresses: [{value: 192.0.2.1}]}"))
				i := fx.InformerOf(k.kind)
				one, two := fixture.SentJSON(t, k.good("one"), "2"), fixture.SentJSON(t, k.good("two"), "4")
				var harmless bool
				if inWatch {
					sent := fixture.Event("ADDED", one) + "\n" + fixture.Event("ADDED", line.String()) + "\n" + fixture.Event("ADDED", two) + "\n"
					harmless = valid && watchedEvent(fx, i, sent)
				} else {
					var err error
					harmless, err = listedAs(fx, i, fixture.JsonList(k.kind, "9", one, item, two))
					if valid && err != nil {
						t.Errorf("%s: refused: %v", k.kind, err)
					}
					harmless = harmless && valid
				}
				if harmless {
					holdsAnswers(fx, "one.example.com.", "two.example.com.")
				}
			}
		}
	})
}

// listed has an informer read a list, and reports whether no object in it but the two good ones may answer for a name.
func listedAs(f *fixture.Stanza, i *kube.Informer, sent string) (harmless bool, err error) {
	f.T.Helper()
	list, err := kube.ReadList(strings.NewReader(sent), i.Reader, func(error) {})
	if err != nil {
		return false, err
	}
	harmless = true
	var items []any
	for _, obj := range list.(*metainternalversion.List).Items {
		items = append(items, obj)
		harmless = harmless && saysNothing(obj)
	}
	if i.Resource.Plural == "gateways" { // the Gateway of the routes is not in the list
		for _, obj := range items {
			i.Storer.Process(cache.Updated, obj)
		}
	} else {
		i.Storer.Replace(f.T.Context(), items)
	}
	return harmless, nil
}

// watched has an informer read the events of a watch, as listed does a list.
func watchedEvent(f *fixture.Stanza, i *kube.Informer, sent string) (harmless bool) {
	f.T.Helper()
	info, _ := runtime.SerializerInfoForMediaType(kube.MetaSerializer.SupportedMediaTypes(), runtime.ContentTypeJSON)
	frames := info.StreamSerializer.Framer.NewFrameReader(io.NopCloser(strings.NewReader(sent)))
	events := restclientwatch.NewDecoder(streaming.NewDecoder(frames, info.StreamSerializer.Serializer), kube.ObjectDecoder{Objects: i.Reader})
	harmless = true
	for range 3 {
		if _, obj, err := events.Decode(); err == nil && !kube.Nameless(obj) {
			i.Storer.Process(cache.Updated, obj)
			harmless = harmless && saysNothing(obj)
		}
	}
	return harmless
}

// saysNothing reports whether an object that arrived is one of the good ones, or does not answer for any name.
func saysNothing(obj any) bool {
	key, err := kube.KeyOf(obj)
	if err != nil || key == "default/one" || key == "default/two" {
		return err == nil
	}
	switch a := obj.(type) {
	case *kube.Arrival[record.Record]:
		return a.Rec == nil || len(a.Rec.Entries) == 0
	case *kube.Arrival[gatewayapi.Route]:
		return key != "default/gw"
	case *kube.Arrival[gatewayapi.ParentGateway]:
		return key != "default/gw"
	}
	return true
}

// holdsAnswers checks that names have the address 192.0.2.1, whatever else they have.
func holdsAnswers(f *fixture.Stanza, owners ...string) {
	f.T.Helper()
	for _, owner := range owners {
		m, _ := f.Query(new(dns.Msg).SetQuestion(owner, dns.TypeA))
		if m == nil || !slices.ContainsFunc(m.Answer, func(rr dns.RR) bool { addr, ok := rr.(*dns.A); return ok && addr.A.String() == "192.0.2.1" }) {
			f.T.Errorf("%s: %v", owner, m)
		}
	}
}

// FuzzDamagedProtobuf puts whatever octets are between two good Ingresses in a list over protobuf, and in a watch event. The
// good ones answer (N5).
func FuzzDamagedProtobuf(f *testing.F) {
	ingress := func(name string) []byte {
		sent, err := fixture.Decode(f, fixture.IngressAt(name, name+".example.com", "192.0.2.1"))[0].(*networkingv1.Ingress).Marshal()
		if err != nil {
			f.Fatal(err)
		}
		return sent
	}
	bad := ingress("bad")
	for n := range bad {
		f.Add(bad[:n])
		f.Add(slices.Concat(bad[:n], []byte{bad[n] ^ 0x55}, bad[n+1:]))
	}
	one, two := ingress("one"), ingress("two")
	f.Fuzz(func(t *testing.T, item []byte) {
		meta, err := (&metav1.ListMeta{ResourceVersion: "9"}).Marshal()
		if err != nil {
			t.Fatal(err)
		}
		list := protowire.AppendBytes(protowire.AppendTag(nil, kube.FieldListMeta, protowire.BytesType), meta)
		for _, sent := range [][]byte{one, item, two} {
			list = protowire.AppendBytes(protowire.AppendTag(list, kube.FieldItems, protowire.BytesType), sent)
		}
		sent := append([]byte(kube.ProtobufPrefix), protowire.AppendBytes(protowire.AppendTag(nil, kube.FieldRaw, protowire.BytesType), list)...)
		fx := fixture.New(t, "resources Ingress")
		i := fx.Informers()[0]
		_, _ = i.Reader.ReadProtobuf(item)
		harmless, err := listedAs(fx, i, string(sent))
		if err != nil {
			t.Fatal(err)
		}
		if !harmless {
			t.Skip("it is another object that answers")
		}
		holdsAnswers(fx, "one.example.com.", "two.example.com.")
		if got := len(i.Storer.(*kube.TypedStorer[record.Record]).Known()); got < 2 {
			t.Errorf("%d objects", got)
		}
	})
}
