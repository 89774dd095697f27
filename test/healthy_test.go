package test

import (
	"bufio"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
	"k8s.io/client-go/rest"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// healthyManifest is an Ingress with a backend that has one endpoint.
const healthyManifest = healthyIngress + healthyService + healthySlice

const healthyIngress = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: $NAMESPACE}
spec: {rules: [{host: web.$ZONE, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
---`

const healthyService = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: $NAMESPACE}
spec: {selector: {app: web}, ports: [{port: 80}]}
---`

const healthySlice = `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web, namespace: $NAMESPACE, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]
`

var unreadySlice = strings.ReplaceAll(healthySlice, "ready: true", "ready: false")

// T2: an endpoint goes unready, and the name's answer moves to the other cluster, as soon as a bare watch of EndpointSlices has
// the change. If all are unready, all answer. What is known of a cluster stays when CoreDNS reloads, and when
// the cluster's API server goes away.
func TestHealthyMoves(t *testing.T) {
	const changes, beyondWatch = 50, 5 * time.Millisecond
	c := newCorner(t)
	other := newCluster(t, []string{})
	c.apply(healthyManifest)
	c.applyTo(other, strings.ReplaceAll(healthyManifest, "192.0.2.1", "198.51.100.1"))
	corefile := strings.ReplaceAll(`
$ZONE:0 {
    bind 127.0.0.1
    errors
    probe
    k8s_gateway {
        resources Ingress
        kubeconfig $KUBECONFIG
        kubeconfig $OTHER
        startupTimeout 1ms
        steer healthy
    }
}
`, "$OTHER", other.Kubeconfig())
	s := c.serve(corefile)
	const everything, moved = "192.0.2.1 198.51.100.1", "198.51.100.1"
	name := c.expand("web.$ZONE")
	s.await(name, dns.TypeA, everything)

	arrivals := watchSlices(t, cluster.Config(), c.namespace)
	<-arrivals // of the slice as it is
	var total, beyond []time.Duration
	for i := range changes {
		slice, want := unreadySlice, moved
		if i%2 == 1 {
			slice, want = healthySlice, everything
		}
		answered := make(chan time.Time, 1)
		go func() {
			for deadline := time.Now().Add(awaitTimeout); time.Now().Before(deadline); {
				reply, err := dig.Ask(t.Context(), "udp", s.Addr, name, dns.TypeA)
				if err == nil && dig.Short(reply) == want {
					break
				}
			}
			answered <- time.Now()
		}()
		start := time.Now()
		c.apply(slice)
		at := <-answered
		total = append(total, at.Sub(start))
		beyond = append(beyond, at.Sub(<-arrivals))
		s.expect("udp", name, dns.TypeA, want)
	}
	slices.Sort(total)
	slices.Sort(beyond)
	t.Logf("median %s after the request, %s beyond a bare watch; longest %s and %s", total[changes/2], beyond[changes/2], total[changes-1], beyond[changes-1])
	if total[changes/2] > freshness {
		t.Errorf("half of %d changes took longer than %s to show: %v", changes, freshness, total)
	}
	if beyond[changes/2] > beyondWatch {
		t.Errorf("half of %d changes took longer than %s beyond a bare watch: %v", changes, beyondWatch, beyond)
	}

	c.apply(unreadySlice)
	s.await(name, dns.TypeA, moved)
	c.applyTo(other, unreadySlice)
	s.await(name, dns.TypeA, everything)
	c.applyTo(other, healthySlice)
	s.await(name, dns.TypeA, moved)

	st := s.stream(answers{name: moved}) // R5
	for range 10 {
		if err := s.reload(corefile); err != nil {
			t.Fatal(err)
		}
		s.awaitReady(awaitTimeout)
	}
	st.end()
	if err := other.Stop(); err != nil {
		t.Fatal(err)
	}
	s.expect("udp", name, dns.TypeA, moved)
	c.apply(healthySlice)
	s.await(name, dns.TypeA, everything)
}

// T2, R2: without permission for EndpointSlices or Services, all targets count as ready, and the log says so once. Once they may be
// read, unready targets are left out, without a restart.
func TestHealthyForbidden(t *testing.T) {
	said := newLogged(t)
	for _, resource := range []string{"endpointslices.discovery.k8s.io", "services"} {
		t.Run(resource, func(t *testing.T) {
			t.Parallel()
			c := newCorner(t)
			c.apply(healthyManifest)
			c.apply(strings.NewReplacer("{name: web, namespace", "{name: beside, namespace", "192.0.2.1", "192.0.2.3").Replace(healthyIngress))
			c.apply(strings.ReplaceAll(healthyIngress, "service: {name: web,", "service: {name: missing,"))
			c.allow("$NAMESPACE", without(resource))
			s := c.serve(strings.ReplaceAll(`
$ZONE:0 {
    bind 127.0.0.1
    errors
    probe
    k8s_gateway {
        resources Ingress
        kubeconfig $ACCOUNT
        namespaces $NAMESPACE
        apex ns1 192.0.2.53
        steer healthy
    }
}
`, "$ACCOUNT", c.account()))
			name := c.expand("web.$ZONE")
			s.await(name, dns.TypeA, "192.0.2.1 192.0.2.3")
			s.awaitReady(awaitTimeout)
			s.expect("udp", name, dns.TypeA, "192.0.2.1 192.0.2.3")
			c.allow("$NAMESPACE", namespaced)
			s.awaitWithin(pickup, name, dns.TypeA, "192.0.2.3")
			if lines := said.lines("WARNING", "leaves all targets ready", c.expand(`in the namespace "$NAMESPACE"`)); len(lines) != 1 {
				t.Errorf("warned %d times: %q", len(lines), lines)
			}
		})
	}
}

// watchSlices watches the EndpointSlices of a namespace and decodes none. It returns when events arrived.
func watchSlices(t *testing.T, config *rest.Config, namespace string) <-chan time.Time {
	t.Helper()
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	url := fmt.Sprintf("%s/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices?watch=1", config.Host, namespace)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reply.Body.Close() })
	if reply.StatusCode != http.StatusOK {
		t.Fatalf("watching EndpointSlices: %s", reply.Status)
	}
	arrivals := make(chan time.Time, 64)
	go func() {
		defer close(arrivals)
		events := bufio.NewReader(reply.Body)
		for {
			if _, err := events.ReadBytes('\n'); err != nil {
				return
			}
			arrivals <- time.Now()
		}
	}()
	return arrivals
}
