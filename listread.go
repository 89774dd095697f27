package gateway

import (
	"bufio"
	"bytes"
	"encoding/binary"
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
	fieldRaw         protowire.Number = 2 // of runtime.Unknown: the list
	fieldListMeta    protowire.Number = 1
	fieldItems       protowire.Number = 2
	fieldMeta        protowire.Number = 1
	fieldName        protowire.Number = 1 // of metav1.ObjectMeta
	fieldNamespace   protowire.Number = 3
	fieldAnnotations protowire.Number = 12 // of metav1.ObjectMeta
	fieldManagers    protowire.Number = 17
	fieldKey         protowire.Number = 1 // of a map
)

// envelope is what an answer over protobuf begins with.
const envelope = "k8s\x00"

// readList reads a list over protobuf as it comes, and makes an object of each item, so that there is one item in memory
// at a time and not the list. client-go would decode all of it, or have it streamed by a watch, where each object is an
// event of its own that is decoded twice (BenchmarkReadList). What is not protobuf is left to decoder.
func readList(in io.Reader, decoder runtime.Decoder, read func(item []byte) (runtime.Object, error)) (runtime.Object, error) {
	body := bufio.NewReaderSize(in, 64<<10)
	if start, _ := body.Peek(len(envelope)); string(start) != envelope {
		text, err := io.ReadAll(body)
		if err != nil {
			return nil, err
		}
		obj, err := runtime.Decode(decoder, text)
		if status, ok := obj.(*metav1.Status); ok { // an error, whatever code it was sent with
			return nil, apierrors.FromObject(status)
		}
		return obj, err
	}
	if _, err := body.Discard(len(envelope)); err != nil {
		return nil, err
	}
	list, whole := &metainternalversion.List{}, false
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
			if number == fieldListMeta {
				return list.ListMeta.Unmarshal(item.Bytes())
			}
			obj, err := read(item.Bytes())
			if err == nil {
				list.Items = append(list.Items, obj)
			}
			return err
		})
	})
	if err == nil && (!whole || list.ResourceVersion == "") {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("reading a list: %w", err)
	}
	return list, nil
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
			return noEnd(err)
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

// noEnd returns an error that was met where nothing may end.
func noEnd(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// lastApplied is how the annotation begins that kubectl keeps a copy of the object in.
var lastApplied = protowire.AppendString(protowire.AppendTag(nil, fieldKey, protowire.BytesType), corev1.LastAppliedConfigAnnotation)

// short is an object without what nobody reads of its metadata, which is most of an object: who manages which field, and
// kubectl's copy. It is made in place of the one before.
type short struct {
	object, metadata []byte
	namespace, name  []byte
}

func (s *short) of(object []byte) (err error) {
	s.namespace, s.name = nil, nil
	s.object, err = copyFields(s.object[:0], object, func(to []byte, number protowire.Number, field, value []byte) ([]byte, error) {
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
func (s *short) keep(to []byte, number protowire.Number, field, value []byte) ([]byte, error) {
	switch {
	case number == fieldManagers, number == fieldAnnotations && bytes.HasPrefix(value, lastApplied):
		return to, nil
	case number == fieldName:
		s.name = value
	case number == fieldNamespace:
		s.namespace = value
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
