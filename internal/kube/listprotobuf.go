package kube

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// The fields of the protobuf messages of a list. They are the same for every kind.
const (
	fieldRaw         protowire.Number = 2 // of runtime.Unknown: the list
	fieldListMeta    protowire.Number = 1
	fieldItems       protowire.Number = 2
	fieldMeta        protowire.Number = 1
	fieldName        protowire.Number = 1 // of metav1.ObjectMeta
	fieldNamespace   protowire.Number = 3
	fieldVersion     protowire.Number = 6
	fieldAnnotations protowire.Number = 12 // of metav1.ObjectMeta
	fieldManagers    protowire.Number = 17
	fieldKey         protowire.Number = 1 // of a map
)

// protobufPrefix is the first bytes of every answer over protobuf.
const protobufPrefix = "k8s\x00"

// ReadProtobuf reads a list over protobuf.
func (l *listItems) ReadProtobuf(body *bufio.Reader, read func(item []byte) (runtime.Object, error)) error {
	if _, err := body.Discard(len(protobufPrefix)); err != nil {
		return err
	}
	whole := false
	var item bytes.Buffer
	err := eachField(body, func(number protowire.Number, in io.Reader) error {
		if number != fieldRaw {
			return nil
		}
		whole = true
		return eachField(bufio.NewReaderSize(in, 64<<10), func(number protowire.Number, in io.Reader) error {
			if number != fieldListMeta && number != fieldItems {
				return nil
			}
			item.Reset()
			if _, err := item.ReadFrom(in); err != nil {
				return err
			}
			if in.(*io.LimitedReader).N != 0 {
				return io.ErrUnexpectedEOF // the list is cut off; the item is not damaged
			}
			if number == fieldListMeta {
				return l.ListMeta.Unmarshal(item.Bytes())
			}
			return l.add(read(item.Bytes()))
		})
	})
	if err == nil && (!whole || l.ResourceVersion == "") {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// eachField calls take for each field of a message that has a length, and skips the other fields.
func eachField(in *bufio.Reader, take func(number protowire.Number, in io.Reader) error) error {
	for {
		tag, err := binary.ReadUvarint(in)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		value, err := binary.ReadUvarint(in)
		if err != nil {
			return unexpectedEnd(err)
		}
		number, kind := protowire.DecodeTag(tag)
		switch kind {
		case protowire.VarintType:
			continue
		case protowire.BytesType:
		default:
			return fmt.Errorf("field %d of a type that no list has: %d", number, kind)
		}
		field := &io.LimitedReader{R: in, N: int64(value)}
		if err := take(number, field); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, field); err != nil {
			return err
		}
		if field.N != 0 {
			return io.ErrUnexpectedEOF
		}
	}
}

// lastApplied is the beginning of the annotation in which kubectl keeps a copy of the object.
var lastApplied = protowire.AppendString(protowire.AppendTag(nil, fieldKey, protowire.BytesType), corev1.LastAppliedConfigAnnotation)

// TrimmedObject is an object without the metadata that the plugin does not read: managed fields, and kubectl's copy of the
// object. These are most of an object. The memory is reused for the next object.
type TrimmedObject struct {
	Object, metadata         []byte
	namespace, name, version []byte
}

// Trim stores a copy of an object without that metadata. After an error, t has the fields that come before the damage.
func (t *TrimmedObject) Trim(object []byte) (err error) {
	t.namespace, t.name, t.version = nil, nil, nil
	t.Object, err = copyFields(t.Object[:0], object, func(to []byte, number protowire.Number, field, value []byte) ([]byte, error) {
		if number != fieldMeta {
			return append(to, field...), nil
		}
		var err error
		t.metadata, err = copyFields(t.metadata[:0], value, t.keep)
		return protowire.AppendBytes(protowire.AppendTag(to, number, protowire.BytesType), t.metadata), err
	})
	return err
}

// keep appends a field of the metadata to a buffer, if the field is needed.
func (t *TrimmedObject) keep(to []byte, number protowire.Number, field, value []byte) ([]byte, error) {
	switch {
	case number == fieldManagers, number == fieldAnnotations && bytes.HasPrefix(value, lastApplied):
		return to, nil
	case number == fieldName:
		t.name = value
	case number == fieldNamespace:
		t.namespace = value
	case number == fieldVersion:
		t.version = value
	}
	return append(to, field...), nil
}

// copyFields calls add for each field of a message, to append it to a buffer. value is set for fields with a length.
func copyFields(to, message []byte, add func(to []byte, number protowire.Number, field, value []byte) ([]byte, error)) ([]byte, error) {
	for len(message) > 0 {
		number, kind, tag := protowire.ConsumeTag(message)
		if tag < 0 {
			return nil, protowire.ParseError(tag)
		}
		n := protowire.ConsumeFieldValue(number, kind, message[tag:])
		if n < 0 {
			return nil, protowire.ParseError(n)
		}
		var value []byte
		if kind == protowire.BytesType {
			value, _ = protowire.ConsumeBytes(message[tag:])
		}
		var err error
		if to, err = add(to, number, message[:tag+n], value); err != nil {
			return nil, err
		}
		message = message[tag+n:]
	}
	return to, nil
}
