package soak

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// hostileZone is where the hostile objects have their names, which nobody asks for.
const hostileZone = "hostile." + zone

// hostile applies and deletes objects that are as large as one may be, while other objects change. No answer about those is
// wrong or late for it (N7).
func (s *soak) hostile(ctx context.Context, c chance) {
	manifests := hostileManifests()
	s.watch(func() {
		done := make(chan struct{})
		var running sync.WaitGroup
		var failed error
		running.Go(func() {
			for n := 0; failed == nil; n++ {
				select {
				case <-done:
					return
				default:
				}
				manifest := []byte(manifests[n%len(manifests)])
				failed = errors.Join(s.cluster.Apply(ctx, manifest), s.cluster.Delete(ctx, manifest))
			}
		})
		s.mutate(ctx, c, s.size.steps)
		close(done)
		running.Wait()
		s.must(failed)
		s.settle(ctx)
	}, nil)
}

func hostileManifests() []string {
	join := func(n int, format string) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf(format, i)
		}
		return strings.Join(list, ",")
	}
	const where = `"name": "hostile", "namespace": "soak-a"`
	deep := "h%d." + strings.Repeat("a.", 100) + hostileZone
	var list []string
	for i := range 4000 {
		list = append(list, fmt.Sprintf("198.18.%d.%d", i/250, 1+i%250))
	}
	addresses := strings.Join(list, ",")
	return []string{
		fmt.Sprintf(`{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {%s, "annotations": {"coredns.io/target": "%s"}}, "spec": {"rules": [%s]}}`,
			where, addresses, join(8000, `{"host": "h%d.`+hostileZone+`"}`)),
		fmt.Sprintf(`{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {%s, "annotations": {"coredns.io/target": "192.0.2.9"}}, "spec": {"rules": [%s]}}`,
			where, join(3000, `{"host": "`+deep+`"}`)),
		fmt.Sprintf(`{"apiVersion": "v1", "kind": "Service", "metadata": {%s, "annotations": {"coredns.io/hostname": "%s", "coredns.io/target": "%s"}},`+
			` "spec": {"type": "LoadBalancer", "ports": [%s]}}`, where, join(4000, "h%d."+hostileZone), addresses, join(30, `{"name": "p%[1]d", "port": 8%[1]d}`)),
		fmt.Sprintf(`{"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {%s, "annotations": {"coredns.io/hostname": "%s", "coredns.io/target": "%s"}},`+
			` "spec": {"parentRefs": [%s]}}`, where, join(1000, "h%d."+hostileZone), addresses, join(gateways, `{"name": "gw-%d"}`)),
		fmt.Sprintf(`{"apiVersion": "externaldns.k8s.io/v1alpha1", "kind": "DNSEndpoint", "metadata": {%s}, "spec": {"endpoints": [%s]}}`,
			where, join(8000, `{"dnsName": "h%d.`+hostileZone+`", "recordType": "A", "targets": ["192.0.2.9", "bad"]}`)),
	}
}
