package zone_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// anEndpoint is a DNSEndpoint with some annotations and some endpoints, all in JSON.
func anEndpoint(t testing.TB, annotations string, endpoints []string) kube.Object {
	return fixture.Decode(t, fmt.Sprintf(`
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: large, namespace: tenant, annotations: {%s}}
spec: {endpoints: [%s]}
`, annotations, strings.Join(endpoints, ", ")))[0]
}

// N7: a DNSEndpoint may repeat one name with other targets each time. Uniting them one after the other took 3 to 15 s.
func TestNameRepeatedWithOtherTargets(t *testing.T) {
	const n = 16_300
	list := make([]string, n)
	for i, addr := range fixture.Addresses(n) {
		list[i] = fmt.Sprintf("{dnsName: web.example.com, recordType: A, recordTTL: %d, targets: [%s]}", n-i, addr)
	}
	repeated := anEndpoint(t, "", list)
	for _, steer := range []string{"", "steer first"} {
		f := fixture.New(t, "resources DNSEndpoint\n"+steer)
		f.Within(2*time.Second, fmt.Sprintf("a name repeated %d times (%q)", n, steer), func() { f.Feed(cache.Updated, repeated) })
		m, _ := f.Query(fixture.Expect("web.example.com. A").Msg())
		if len(m.Answer) < 3800 || m.Answer[0].(*dns.A).A.String() != "10.0.0.0" || m.Answer[0].Header().Ttl != 1 {
			t.Errorf("%d addresses, the first of which is %v", len(m.Answer), m.Answer[:1])
		}
	}
}
