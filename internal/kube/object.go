package kube

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/pace"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// Object is the interface of every API type.
type Object interface {
	GetObjectKind() schema.ObjectKind
	GetNamespace() string
	SetNamespace(string)
	GetName() string
	GetResourceVersion() string
	GetLabels() map[string]string
	GetAnnotations() map[string]string
}

// MetaOf returns the namespace and the name of an object.
func MetaOf(o Object) record.Meta { return record.Meta{Namespace: o.GetNamespace(), Name: o.GetName()} }

// undecodableStandIn is a *R that can stand in for an object that could not be decoded (N5). InitUndecodable fills it in: it has
// only the object's name and the error.
type undecodableStandIn interface{ InitUndecodable(id record.Meta) }

// keyed is a *R that knows the key of its object.
type keyed interface{ Key() store.Key }

// skipper is a *R that has the values of its object that cannot be served.
type skipper interface{ SkippedValues() record.Skips }

// protobufObject is an Object of a built-in kind.
type protobufObject interface{ Unmarshal(data []byte) error }

// objectReader decodes the objects of one resource, and returns what to store for each. If an object cannot be decoded but its
// name can, the result is a stand-in without owner names, and no error (N5).
type objectReader interface {
	// ReadJSON reads an object; decode stores it in its argument.
	ReadJSON(decode func(into any) error) (runtime.Object, error)
	// ReadProtobuf reads the object of a watch event.
	ReadProtobuf(data []byte) (runtime.Object, error)
	// ListReader returns a function that reads the items of one list over protobuf.
	ListReader() func(item []byte) (runtime.Object, error)
}

// errNameless is the error for an object of which not even the name can be decoded.
var errNameless = errors.New("an object without a name")

// Arrival is an object on its way into the store: the result of its conversion.
type Arrival[R any] struct {
	Rec      *R               // nil if there is nothing to store
	unserved *record.Unserved // why the object is not served; nil if it is, or if the reason is not needed
	id       record.Meta
	version  string // the resourceVersion of a watch event
	sum      uint64 // the hash of the object as it was sent
	at       time.Time
}

// newArrival makes the arrival of an object, and notes the time.
func newArrival[R any](i *Informer, id record.Meta) *Arrival[R] {
	a := &Arrival[R]{id: id, at: time.Now()}
	i.LastArrival.Store(a.at.UnixNano())
	return a
}

// Key returns the namespace and the name of the object.
func (a *Arrival[R]) Key() store.Key { return a.id.Key() }

// GetObjectMeta lets client-go find the key and the resourceVersion (meta.Accessor).
func (a *Arrival[R]) GetObjectMeta() metav1.Object {
	return &metav1.ObjectMeta{Namespace: a.id.Namespace, Name: a.id.Name, ResourceVersion: a.version}
}

// GetObjectKind and DeepCopyObject implement runtime.Object, so that an arrival can be in a list and in a watch event.
func (a *Arrival[R]) GetObjectKind() schema.ObjectKind { return schema.EmptyObjectKind }
func (a *Arrival[R]) DeepCopyObject() runtime.Object   { return a }

// typedReader is the objectReader for objects of type T, for each of which a *R is stored.
type typedReader[T Object, R any] struct {
	informer *Informer
	objects  *store.Store[R]
	convert  func(T) (*R, *record.Unserved)
	goType   reflect.Type // the type that T points to
	seed     maphash.Seed // of the hashes of objects as they were sent
}

func newTypedReader[T Object, R any](i *Informer, objects *store.Store[R], convert func(T) (*R, *record.Unserved)) *typedReader[T, R] {
	return &typedReader[T, R]{i, objects, convert, reflect.TypeFor[T]().Elem(), maphash.MakeSeed()}
}

func (r *typedReader[T, R]) newObject() T { return reflect.New(r.goType).Interface().(T) }

// read converts a decoded object.
func (r *typedReader[T, R]) read(obj T) *Arrival[R] {
	r.informer.internNamespace(obj)
	a := newArrival[R](r.informer, MetaOf(obj))
	a.Rec, a.unserved = r.convert(obj)
	a.version = obj.GetResourceVersion()
	return a
}

// ReadJSON implements objectReader.
func (r *typedReader[T, R]) ReadJSON(decode func(into any) error) (runtime.Object, error) {
	obj := r.newObject()
	err := decode(obj)
	problem := fieldError(err)
	switch {
	case err != nil && problem == nil:
		return nil, err
	case problem != nil && obj.GetName() == "":
		return nil, fmt.Errorf("%w: %w", errNameless, problem)
	case problem != nil:
		return r.undecodable(MetaOf(obj), obj.GetResourceVersion(), problem), nil
	}
	return r.readNamed(obj)
}

// readNamed converts a decoded object. An object without a name is taken for a bookmark, which is returned as its metadata.
func (r *typedReader[T, R]) readNamed(obj T) (runtime.Object, error) {
	if obj.GetName() == "" {
		return &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{ResourceVersion: obj.GetResourceVersion(), Annotations: obj.GetAnnotations()}}, nil
	}
	return r.read(obj), nil
}

// ReadProtobuf implements objectReader.
func (r *typedReader[T, R]) ReadProtobuf(data []byte) (runtime.Object, error) {
	obj := r.newObject()
	if err := unmarshal(obj, data); err != nil {
		var part TrimmedObject
		_ = part.Trim(data) // as many fields as possible
		if len(part.name) == 0 {
			return nil, fmt.Errorf("%w: %w", errNameless, err)
		}
		return r.undecodable(record.Meta{Namespace: string(part.namespace), Name: string(part.name)}, string(part.version), err), nil
	}
	return r.readNamed(obj)
}

// unmarshal decodes protobuf.
func unmarshal(obj Object, data []byte) error {
	u, ok := obj.(protobufObject)
	if !ok {
		return fmt.Errorf("%T is not served over protobuf", obj)
	}
	return u.Unmarshal(data)
}

// undecodable returns what is stored for an object that cannot be decoded: its name, and the error.
func (r *typedReader[T, R]) undecodable(id record.Meta, version string, problem error) *Arrival[R] {
	a := newArrival[R](r.informer, id)
	a.version = version
	id.Skipped = record.SkipObject(problem)
	a.Rec = new(R)
	any(a.Rec).(undecodableStandIn).InitUndecodable(id)
	return a
}

// ListReader implements objectReader. An object that the last list had in the same form is not decoded again. Most objects of a
// list are unchanged, and decoding them would make garbage. Go's garbage collector makes allocating goroutines help it, which
// would delay queries more than anything else.
func (r *typedReader[T, R]) ListReader() func(item []byte) (runtime.Object, error) {
	trimmed, pauses := TrimmedObject{}, pace.Pace{}
	return func(item []byte) (runtime.Object, error) {
		if r.informer.paced() {
			pauses.Yield()
		}
		if trimmed.Trim(item) != nil {
			return r.ReadProtobuf(item)
		}
		sum := maphash.Bytes(r.seed, trimmed.Object)
		rec := r.objects.Get(store.Key{Namespace: string(trimmed.namespace), Name: string(trimmed.name)})
		if was := record.SentHash(rec); was != nil && atomic.LoadUint64(was) == sum {
			a := newArrival[R](r.informer, storedMeta(rec))
			a.Rec, a.sum = rec, sum
			return a, nil
		}
		obj, err := r.ReadProtobuf(trimmed.Object)
		if a, ok := obj.(*Arrival[R]); ok && a.unserved == nil {
			a.sum = sum
		}
		return obj, err
	}
}

// present returns 1 for an object that is stored, and 0 for none.
func present[R any](stored *R) int64 {
	if stored == nil {
		return 0
	}
	return 1
}

// storedMeta returns the namespace and the name of a stored object.
func storedMeta[R any](stored *R) record.Meta {
	id := any(stored).(keyed).Key()
	return record.Meta{Namespace: id.Namespace, Name: id.Name}
}

// SkippedIn returns the values that were skipped when an object was stored. Nil is no object.
func SkippedIn[R any](stored *R) record.Skips {
	if stored == nil {
		return record.Skips{}
	}
	return any(stored).(skipper).SkippedValues()
}

// fieldError returns an error that names the field whose value does not have the field's type. It returns nil for any other
// error.
func fieldError(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return nil
	}
	field := strings.TrimPrefix(wrong.Field, "CustomObject.") // the embedded struct
	if field == "" {
		return fmt.Errorf("a JSON %s is no object", wrong.Value)
	}
	return fmt.Errorf("%s is a JSON %s, which does not fit the field's type %s", field, wrong.Value, wrong.Type)
}
