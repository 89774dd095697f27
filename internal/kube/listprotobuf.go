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

// The fields of the messages that a list is sent in, which are the same for every kind.
const (
	FieldRaw         protowire.Number = 2 // of runtime.Unknown: the list
	FieldListMeta    protowire.Number = 1
	FieldItems       protowire.Number = 2
	fieldMeta        protowire.Number = 1
	fieldName        protowire.Number = 1 // of metav1.ObjectMeta
	fieldNamespace   protowire.Number = 3
	fieldVersion     protowire.Number = 6
	fieldAnnotations protowire.Number = 12 // of metav1.ObjectMeta
	fieldManagers    protowire.Number = 17
	fieldKey         protowire.Number = 1 // of a map
)

// ProtobufPrefix is what an answer over protobuf begins with.
const ProtobufPrefix = "k8s\x00"

// listItems collects what is read off a list.
type listItems struct {
	metainternalversion.List
	damaged func(error) // is told of each item that does not even say its name
}

// add takes the next item, or the error that it came to. An item without a name is left out: what is not in a list is
// taken to be gone.
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

// ReadList reads a list as it comes, over protobuf or JSON, and hands each item to a reader, so that there is one item in
// memory at a time and not the list. client-go would decode all of it, or have it streamed by a watch, where each object is
// an event of its own that is decoded several times (BenchmarkReadList, BenchmarkReadRoutes).
func ReadList(in io.Reader, objects objectReader, damaged func(error)) (runtime.Object, error) {
	body := bufio.NewReaderSize(in, 64<<10)
	list := &listItems{damaged: damaged}
	var err error
	if start, _ := body.Peek(len(ProtobufPrefix)); string(start) == ProtobufPrefix {
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
	if _, err := body.Discard(len(ProtobufPrefix)); err != nil {
		return err
	}
	whole := false
	var item bytes.Buffer
	err := eachField(body, func(number protowire.Number, in io.Reader) error {
		if number != FieldRaw {
			return nil
		}
		whole = true
		return eachField(bufio.NewReaderSize(in, 64<<10), func(number protowire.Number, in io.Reader) error {
			if number != FieldListMeta && number != FieldItems {
				return nil
			}
			item.Reset()
			if _, err := item.ReadFrom(in); err != nil {
				return err
			}
			if in.(*io.LimitedReader).N != 0 {
				return io.ErrUnexpectedEOF // and not an item that is damaged
			}
			if number == FieldListMeta {
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

// eachField hands on the fields of a message that have a length, and passes over the rest.
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

// unexpectedEnd returns an error of a read in a place where nothing may end.
func unexpectedEnd(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// lastApplied is how the annotation begins that kubectl keeps a copy of the object in.
var lastApplied = protowire.AppendString(protowire.AppendTag(nil, fieldKey, protowire.BytesType), corev1.LastAppliedConfigAnnotation)

// TrimmedObject is an object without what nobody reads of its metadata, which is most of an object: managed fields, and
// kubectl's copy. Its memory is used again for the next object.
type TrimmedObject struct {
	Object, metadata         []byte
	namespace, name, version []byte
}

// Trim takes over an object. After an error it holds what came before the damage.
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

// keep has a field of the metadata appended to a buffer, if it is read.
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

// copyFields has the fields of a message appended to a buffer, with the value of those that have a length.
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
