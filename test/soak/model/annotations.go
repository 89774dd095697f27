package model

import (
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ignored reports whether the label says that an object is not there (L1).
func ignored(m *metav1.ObjectMeta) bool { return m.Labels["k8s-gateway.dns/ignore"] == "true" }

// annotations is what the annotations of an object say (L2).
type annotations struct {
	written   []string // names as they are written
	names     []string // canonical, those that are good
	addresses []netip.Addr
	hosts     []string
	ttl       uint32
}

func (w *World) annotations(kind string, m *metav1.ObjectMeta) annotations {
	a := annotations{ttl: w.TTL}
	for item := range strings.SplitSeq(w.annotation(kind, m, "hostname"), ",") {
		if strings.TrimSpace(item) != "" {
			a.written = append(a.written, item)
		}
		if name, ok := canonical(item, false); ok {
			a.names = append(a.names, name)
		}
	}
	for item := range strings.SplitSeq(w.annotation(kind, m, "target"), ",") {
		a.addresses, a.hosts = target(a.addresses, a.hosts, item, item)
	}
	value := strings.TrimSpace(w.annotation(kind, m, "ttl"))
	seconds, err := strconv.Atoi(value)
	if err != nil {
		d, _ := time.ParseDuration(value)
		seconds = int(d.Seconds())
	}
	if seconds >= 1 && seconds <= math.MaxInt32 {
		a.ttl = uint32(seconds)
	}
	return a
}

// replaced reports whether there is a target that takes the place of an object's own.
func (a annotations) replaced() bool { return len(a.addresses)+len(a.hosts) > 0 }

// or returns the targets of the annotation, without any an object's own.
func (a annotations) or(addresses []netip.Addr, hosts []string) ([]netip.Addr, []string) {
	if a.replaced() {
		return a.addresses, a.hosts
	}
	return addresses, hosts
}

// annotation returns the value of an annotation, in the first form of those that count which the object has (L3).
func (w *World) annotation(kind string, m *metav1.ObjectMeta, key string) string {
	prefixes := []string{"coredns.io/"}
	if slices.Contains(w.ExternalDNS, key) || kind == "Service" && key == "hostname" {
		prefixes = append(prefixes, "external-dns.kubernetes.io/", "external-dns.alpha.kubernetes.io/")
	}
	for _, prefix := range prefixes {
		if value, ok := m.Annotations[prefix+key]; ok {
			return value
		}
	}
	return ""
}

// foreign reports whether an annotation, if it counts, leaves an object to another controller (L3).
func (w *World) foreign(m *metav1.ObjectMeta) bool {
	if !slices.Contains(w.ExternalDNS, "controller") {
		return false
	}
	for _, prefix := range []string{"external-dns.kubernetes.io/", "external-dns.alpha.kubernetes.io/"} {
		if value, ok := m.Annotations[prefix+"controller"]; ok {
			return value != "dns-controller"
		}
	}
	return false
}
