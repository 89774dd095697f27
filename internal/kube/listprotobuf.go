package kube

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metainternalversion "k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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

// listItems collects the items of a list while it is read.
type listItems struct {
	metainternalversion.List
	damaged func(error) // is called for each item of which not even the name can be read
}

// add takes the next item, or the error of reading it. An item without a name is reported and skipped. (An object that is
// missing in a list is taken for deleted.)
func (l *listItems) add(obj runtime.Object, err error) error {
	switch {
	case errors.Is(err, errNameless):
		l.damaged(err)
	case err != nil:
		return err
	default:
		if _, nameless := obj.(*metav1.PartialObjectMetadata); nameless {
			l.damaged(errNameless)
			return nil
		}
		l.Items = append(l.Items, obj)
	}
	return nil
}

// ReadList reads a list while it arrives, over protobuf or JSON, and passes each item to a reader. Only one item is in memory
// at a time, and not the whole list. client-go would decode the whole list, or use a watch, in which each object is an event
// that is decoded several times (BenchmarkReadList, BenchmarkReadRoutes).
func ReadList(in io.Reader, objects objectReader, damaged func(error)) (runtime.Object, error) {
	body := bufio.NewReaderSize(in, 64<<10)
	list := &listItems{damaged: damaged}
	var err error
	if start, _ := body.Peek(len(protobufPrefix)); string(start) == protobufPrefix {
		err = list.ReadProtobuf(body, objects.ListReader())
	} else {
		err = list.ReadJSON(body, objects)
	}
	var status apierrors.APIStatus
	switch {
	case errors.As(err, &status):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("reading a list: %w", err)
	}
	return &list.List, nil
}

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

// unexpectedEnd returns the error of a read, for a place where the input must not end.
func unexpectedEnd(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// lastApplied is the beginning of the annotation in which kubectl keeps a copy of the object.
var lastApplied = protowire.AppendString(protowire.AppendTag(nil, fieldKey, protowire.BytesType), corev1.LastAppliedConfigAnnotation)

// TrimmedObject is an object without the metadata that nobody reads: managed fields, and kubectl's copy of the object. These
// are most of an object. The memory is reused for the next object.
type TrimmedObject struct {
	Object, metadata         []byte
	namespace, name, version []byte
}

// Trim copies an object, without that metadata. After an error, the fields before the damage are kept.
func (s *TrimmedObject) Trim(object []byte) (err error) {
	s.namespace, s.name, s.version = nil, nil, nil
	s.Object, err = copyFields(s.Object[:0], object, func(to []byte, number protowire.Number, field, value []byte) ([]byte, error) {
		if number != fieldMeta {
			return append(to, field...), nil
		}
		var err error
		s.metadata, err = copyFields(s.metadata[:0], value, s.keep)
		return protowire.AppendBytes(protowire.AppendTag(to, number, protowire.BytesType), s.metadata), err
	})
	return err
}

// keep appends a field of the metadata to a buffer, if the field is needed.
func (s *TrimmedObject) keep(to []byte, number protowire.Number, field, value []byte) ([]byte, error) {
	switch {
	case number == fieldManagers, number == fieldAnnotations && bytes.HasPrefix(value, lastApplied):
		return to, nil
	case number == fieldName:
		s.name = value
	case number == fieldNamespace:
		s.namespace = value
	case number == fieldVersion:
		s.version = value
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
