package kube

import (
	"bytes"
	stdjson "encoding/json"
	"errors"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/json"
)

// negotiatedSerializer is client-go's serializer, with a decoder of our own for objects. The framing of watch events is
// client-go's.
type negotiatedSerializer struct {
	runtime.NegotiatedSerializer
	decoder ObjectDecoder
}

// DecoderToVersion implements runtime.NegotiatedSerializer.
func (s negotiatedSerializer) DecoderToVersion(runtime.Decoder, runtime.GroupVersioner) runtime.Decoder {
	return s.decoder
}

// metaSerializer decodes the types that every API has: Status and WatchEvent.
var metaSerializer = func() runtime.NegotiatedSerializer {
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	return serializer.NewCodecFactory(scheme).WithoutConversion()
}()

// ObjectDecoder decodes the objects of a watch, and the errors of an API server.
type ObjectDecoder struct{ Objects objectReader }

// Decode implements runtime.Decoder.
func (d ObjectDecoder) Decode(data []byte, _ *schema.GroupVersionKind, _ runtime.Object) (runtime.Object, *schema.GroupVersionKind, error) {
	obj, err := d.decode(data)
	return obj, &schema.GroupVersionKind{}, err
}

func (d ObjectDecoder) decode(data []byte) (runtime.Object, error) {
	if bytes.HasPrefix(data, []byte(protobufPrefix)) {
		var sent runtime.Unknown
		if err := sent.Unmarshal(data[len(protobufPrefix):]); err != nil {
			return nil, err
		}
		if sent.Kind != "Status" {
			return d.Objects.ReadProtobuf(sent.Raw)
		}
		status := &metav1.Status{}
		return status, status.Unmarshal(sent.Raw)
	}
	decode := func(into any) error { return json.UnmarshalCaseSensitivePreserveInts(data, into) }
	isStatus, err := holdsStatus(data)
	switch {
	case err != nil:
		return nil, err
	case !isStatus:
		return d.Objects.ReadJSON(decode)
	}
	status := &metav1.Status{}
	return status, decode(status)
}

// holdsStatus reports whether JSON is a Status. Few objects contain the word, so few are read twice.
func holdsStatus(data []byte) (bool, error) {
	if !bytes.Contains(data, []byte(`"Status"`)) {
		return false, nil
	}
	var sent struct {
		Kind stdjson.RawMessage `json:"kind"`
	}
	err := json.UnmarshalCaseSensitivePreserveInts(data, &sent)
	return string(sent.Kind) == `"Status"`, err
}

// statusOnly is the objectReader of a client that reads no objects, only errors.
type statusOnly struct{}

var errUnexpected = errors.New("an object where an error was expected")

func (statusOnly) ReadJSON(func(any) error) (runtime.Object, error) { return nil, errUnexpected }
func (statusOnly) ReadProtobuf([]byte) (runtime.Object, error)      { return nil, errUnexpected }
func (statusOnly) ListReader() func([]byte) (runtime.Object, error) { return statusOnly{}.ReadProtobuf }
