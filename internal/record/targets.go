package record

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// Targets are the addresses and hostnames that an object points its names at.
type Targets struct {
	Addrs []target.Addr // sorted, IPv4 first, each once
	Hosts []string      // canonical, sorted, each once; used only if there are no addresses (C1)
}

func (t *Targets) sort() {
	t.Addrs = target.Sort(t.Addrs)
	slices.Sort(t.Hosts)
	t.Hosts = slices.Clip(slices.Compact(t.Hosts))
}

// Equal reports whether two targets are the same.
func (t *Targets) Equal(u *Targets) bool {
	return slices.Equal(t.Addrs, u.Addrs) && slices.Equal(t.Hosts, u.Hosts)
}

// Usable reports whether one of the targets is usable for a name. The name itself is not (C5).
func (t *Targets) Usable(name string) bool {
	return len(t.Addrs) > 0 || len(t.Hosts) > 1 || len(t.Hosts) == 1 && t.Hosts[0] != name
}

// OwnTargets are the targets that a route states in an annotation. Comparisons use the digest: a route may have thousands of
// targets, and thousands of names (N7).
type OwnTargets struct {
	Targets
	Digest [sha256.Size]byte
}

// NewOwnTargets returns OwnTargets of sorted targets, or nil for nil.
func NewOwnTargets(t *Targets) *OwnTargets {
	if t == nil {
		return nil
	}
	h := sha256.New()
	for _, a := range t.Addrs {
		h.Write(a[:])
	}
	for _, host := range t.Hosts {
		h.Write([]byte(host + ","))
	}
	return &OwnTargets{*t, [sha256.Size]byte(h.Sum(nil))}
}

// Compare orders targets by digest, nil first.
func (t *OwnTargets) Compare(u *OwnTargets) int {
	switch {
	case t == u:
		return 0
	case t == nil:
		return -1
	case u == nil:
		return 1
	}
	return bytes.Compare(t.Digest[:], u.Digest[:])
}

// FirstIPv6 returns the index of the first IPv6 address.
func (t *Targets) FirstIPv6() int {
	v4, _ := target.Split(t.Addrs)
	return len(v4)
}
