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

// The annotations that work on every kind (L2).
const (
	HostnameAnnotation = "coredns.io/hostname" // adds names; on a Service it replaces them
	TargetAnnotation   = "coredns.io/target"   // replaces the object's own targets
	ttlAnnotation      = "coredns.io/ttl"      // seconds or a Go duration
)

// externalDNSPrefixes are where external-dns's own annotations are found, in this order (L3).
var externalDNSPrefixes = []string{"external-dns.kubernetes.io/", "external-dns.alpha.kubernetes.io/"}

// ExternalDNSKeys are those of them that may be asked for: `externalDNSAnnotations`.
var ExternalDNSKeys = []string{"hostname", "target", "ttl", "controller"}

// externalDNSController is what the controller annotation says where an object is not somebody else's.
const externalDNSController = "dns-controller"

var errTTL = errors.New("is not a TTL: want seconds or a duration, from 1s to 2147483647s")

// Annotations are those of an object that count.
type Annotations struct {
	Hostnames   []string        // as written
	HostnameKey string          // the annotation that they are from
	Targets     *record.Targets // nil where there is no target annotation
	TTL         uint32          // seconds
	Stated      *record.Stated  // for filters; record.NothingStated where the stanza does not steer, or the object says nothing
}

// Annotate reads the annotations of an object.
func (c *Settings) Annotate(s *record.Skips, values map[string]string, kind string) Annotations {
	f, a := c.Filters, Annotations{TTL: c.TTL, Stated: record.NothingStated}
	external := func(key string) bool {
		return slices.Contains(f.ExternalDNS, key) || kind == "Service" && key == "hostname"
	}
	if key, ok := annotation(values, HostnameAnnotation, "hostname", external); ok {
		a.Hostnames, a.HostnameKey = items(values[key]), key
	}
	if key, ok := annotation(values, TargetAnnotation, "target", external); ok {
		s.WithAnnotation(key, func() { a.Targets = targetList(s, values[key]) })
	}
	if key, ok := annotation(values, ttlAnnotation, "ttl", external); ok {
		if ttl, ok := parseTTL(values[key]); ok {
			a.TTL = ttl
		} else {
			s.WithAnnotation(key, func() { s.Skip("ttl", values[key], errTTL) })
		}
	}
	if c.Steers {
		a.Stated = c.stated(s, values)
	}
	return a
}

// foreign reports whether external-dns's controller annotation, where it counts, leaves the object to
// somebody else.
func (f *Filters) foreign(values map[string]string) bool {
	key, ok := annotation(values, "", "controller", func(key string) bool { return slices.Contains(f.ExternalDNS, key) })
	return ok && values[key] != externalDNSController
}

// annotation returns the key of the first of an annotation's spellings that is there: our own, then external-dns's if
// these count.
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

// targetList reads a list of addresses and hostnames. A list without a good one is none: it is nil.
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
