package kube

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metainternalversion "k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// listItems collects the items of a list while it is read.
type listItems struct {
	metainternalversion.List
	damaged func(error) // called for each item of which not even the name can be read
}

// add appends the next item, or handles the error of reading it. An item without a name is reported and skipped, so that the rest
// of the list is stored. (If its object was stored before, the object is taken for deleted.)
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

// unexpectedEnd returns the error of a read, for a place where the input must not end.
func unexpectedEnd(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
