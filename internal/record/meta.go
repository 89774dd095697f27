package record

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// Meta identifies an object. Every type that is stored for an object embeds it.
type Meta struct {
	Namespace, Name string
	Skipped         *Skips // values of the object that cannot be served (N5); nil for none
}

// Sent holds a hash of an object as the last list sent it, or 0 if a watch event came later. The hash is not part of the object's
// data, and is accessed only atomically. The stored types of built-in kinds embed Sent.
type Sent struct{ hash uint64 }

func (s *Sent) sum() *uint64 { return &s.hash }

// SentHash returns the hash of a stored object, or nil if its type has none.
func SentHash[R any](stored *R) *uint64 {
	if s, ok := any(stored).(interface{ sum() *uint64 }); ok && stored != nil {
		return s.sum()
	}
	return nil
}

// Key returns the key of the object.
func (m Meta) Key() store.Key { return store.Key{Namespace: m.Namespace, Name: m.Name} }

// SkippedValues returns the values that cannot be served.
func (m Meta) SkippedValues() Skips {
	if m.Skipped == nil {
		return Skips{}
	}
	return *m.Skipped
}

// GetObjectMeta implements metav1.ObjectMetaAccessor, by which client-go finds the key of a stored object.
func (m Meta) GetObjectMeta() metav1.Object {
	return &metav1.ObjectMeta{Namespace: m.Namespace, Name: m.Name}
}

// earlierSuffix marks the key of an object as it was before a relist. No API server accepts a name with it.
const earlierSuffix = "\x00"

// MarkEarlier turns a copy of a stored object into the object as it was before a relist, under a key of its own.
func (m *Meta) MarkEarlier() { m.Name += earlierSuffix; m.Skipped = nil }

// CurrentKey returns the key of the object, also for a copy that MarkEarlier changed.
func (m Meta) CurrentKey() store.Key {
	return store.Key{Namespace: m.Namespace, Name: strings.TrimSuffix(m.Name, earlierSuffix)}
}

// IsEarlier reports whether m belongs to a copy that MarkEarlier changed. Its names are answered, but the log and
// the status page do not show the object twice.
func (m Meta) IsEarlier() bool { return IsEarlierKey(m.Name) }

// IsEarlierKey reports whether a key belongs to a copy that MarkEarlier changed.
func IsEarlierKey(key string) bool { return strings.HasSuffix(key, earlierSuffix) }

// InitUndecodable makes m the Meta of an object that could not be decoded. All other data of the object stays empty.
func (m *Meta) InitUndecodable(id Meta) { *m = id }
