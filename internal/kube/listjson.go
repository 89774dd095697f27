package kube

import (
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/json"
)

// ReadJSON reads a list over JSON, or the error that was sent instead. Field names are case-sensitive, as in the API server.
func (l *listItems) ReadJSON(body io.Reader, objects objectReader) error {
	d := json.NewDecoderCaseSensitivePreserveInts(body)
	if err := readDelim(d, stdjson.Delim('{')); err != nil {
		return err
	}
	rest, listed := map[string]stdjson.RawMessage{}, false
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return unexpectedEnd(err)
		}
		if name == "items" && !listed {
			listed = true
			if err := l.readItems(d, objects); err != nil {
				return err
			}
			continue
		}
		var value stdjson.RawMessage
		if err := d.Decode(&value); err != nil {
			return unexpectedEnd(err)
		}
		rest[name.(string)] = value
	}
	if err := readDelim(d, stdjson.Delim('}')); err != nil {
		return err
	}
	if string(rest["kind"]) == `"Status"` {
		return statusError(rest)
	}
	if err := json.UnmarshalCaseSensitivePreserveInts(rest["metadata"], &l.ListMeta); err != nil || !listed || l.ResourceVersion == "" {
		return errors.New("the API server's answer is no list")
	}
	return nil
}

// readItems reads the items of a list.
func (l *listItems) readItems(d json.Decoder, objects objectReader) error {
	start, err := d.Token()
	switch {
	case err != nil:
		return unexpectedEnd(err)
	case start == nil: // null
		return nil
	case start != stdjson.Delim('['):
		return fmt.Errorf("the items of a list are %v", start)
	}
	for d.More() {
		if err := l.add(objects.ReadJSON(d.Decode)); err != nil {
			return unexpectedEnd(err)
		}
	}
	return readDelim(d, stdjson.Delim(']'))
}

// statusError returns the error that was sent instead of a list, with the status code 200.
func statusError(fields map[string]stdjson.RawMessage) error {
	text, err := stdjson.Marshal(fields)
	if err != nil {
		return err
	}
	var status metav1.Status
	if err := json.UnmarshalCaseSensitivePreserveInts(text, &status); err != nil {
		return err
	}
	return apierrors.FromObject(&status)
}

// readDelim reads one delimiter.
func readDelim(d json.Decoder, want stdjson.Delim) error {
	got, err := d.Token()
	if err != nil {
		return unexpectedEnd(err)
	}
	if got != want {
		return fmt.Errorf("%v where %v belongs", got, want)
	}
	return nil
}
