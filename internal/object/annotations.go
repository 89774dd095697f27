package object

import (
	"errors"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// The annotations of every kind (L2).
const (
	HostnameAnnotation = "coredns.io/hostname" // adds names; on a Service it replaces them
	TargetAnnotation   = "coredns.io/target"   // replaces the object's own targets
	ttlAnnotation      = "coredns.io/ttl"      // seconds or a Go duration
)

// externalDNSPrefixes are the prefixes of external-dns's annotations. The first one that an object has is read (L3).
var externalDNSPrefixes = []string{"external-dns.kubernetes.io/", "external-dns.alpha.kubernetes.io/"}

// ExternalDNSKeys are the annotations of external-dns that the property externalDNSAnnotations may name, without their prefix.
var ExternalDNSKeys = []string{"hostname", "target", "ttl", "controller"}

// externalDNSController is the value of external-dns's annotation controller on an object that is external-dns's own. An object with
// any other value belongs to another controller, and is not served.
const externalDNSController = "dns-controller"

var errTTL = errors.New("is not a TTL: want seconds or a duration, from 1s to 2147483647s")

// Annotations are the parsed annotations of an object.
type Annotations struct {
	Hostnames   []string        // as written
	HostnameKey string          // the annotation that has them
	Targets     *record.Targets // nil without a target annotation that has a valid target
	TTL         uint32          // seconds
	Stated      *record.Stated  // for filters; record.NothingStated if the stanza has no `steer`, or the object states nothing
}

// Annotate reads the annotations of an object.
func (s *Settings) Annotate(skips *record.Skips, values map[string]string, kind string) Annotations {
	f, a := s.Filters, Annotations{TTL: s.TTL, Stated: record.NothingStated}
	external := func(key string) bool {
		return slices.Contains(f.ExternalDNS, key) || kind == "Service" && key == "hostname"
	}
	if key, ok := annotation(values, HostnameAnnotation, "hostname", external); ok {
		a.Hostnames, a.HostnameKey = items(values[key]), key
	}
	if key, ok := annotation(values, TargetAnnotation, "target", external); ok {
		skips.WithAnnotation(key, func() { a.Targets = targetList(skips, values[key]) })
	}
	if key, ok := annotation(values, ttlAnnotation, "ttl", external); ok {
		if ttl, ok := parseTTL(values[key]); ok {
			a.TTL = ttl
		} else {
			skips.WithAnnotation(key, func() { skips.Skip("ttl", values[key], errTTL) })
		}
	}
	if s.Steers {
		a.Stated = s.stated(skips, values)
	}
	return a
}

// foreign reports whether external-dns's controller annotation, if it is read, assigns the object to another controller.
func (f *Filters) foreign(values map[string]string) bool {
	key, ok := annotation(values, "", "controller", func(key string) bool { return slices.Contains(f.ExternalDNS, key) })
	return ok && values[key] != externalDNSController
}

// annotation returns the key of the first spelling of an annotation that an object has: our own, then those of external-dns if they
// are read.
func annotation(values map[string]string, own, key string, external func(key string) bool) (string, bool) {
	if _, ok := values[own]; ok {
		return own, true
	}
	if external(key) {
		for _, prefix := range externalDNSPrefixes {
			if _, ok := values[prefix+key]; ok {
				return prefix + key, true
			}
		}
	}
	return "", false
}

// items returns the elements of a comma-separated list, without spaces and empty ones.
func items(list string) []string {
	var items []string
	for item := range strings.SplitSeq(list, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// targetList reads a list of addresses and hostnames. It returns nil for a list without a valid one.
func targetList(s *record.Skips, list string) *record.Targets {
	t := &record.Targets{}
	for _, item := range items(list) {
		if _, err := netip.ParseAddr(item); err == nil {
			s.AddAddress(t, item)
		} else {
			s.AddHost(t, item)
		}
	}
	if len(t.Addrs)+len(t.Hosts) == 0 {
		return nil
	}
	s.SettleTargets(t)
	return t
}

// parseTTL parses a TTL in seconds, or a Go duration.
func parseTTL(value string) (uint32, bool) {
	value = strings.TrimSpace(value)
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		d, err := time.ParseDuration(value)
		if err != nil {
			return 0, false
		}
		seconds = int64(d / time.Second)
	}
	return uint32(seconds), seconds >= 1 && seconds <= math.MaxInt32
}
