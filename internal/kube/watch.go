package kube

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

// resumedWatch is a watch that is resumed at the resourceVersion where it was interrupted, as long as the API server still
// knows that version. A lost connection must cause neither a list of everything nor client-go's wait before such a list.
type resumedWatch struct {
	calls   *listWatch
	options metav1.ListOptions // to resume the watch with
	current watch.Interface
	garbled string // the resourceVersion after which an event could not be decoded; empty if there was none
	events  chan watch.Event
	ctx     context.Context
	end     context.CancelFunc
	ended   chan struct{}
}

// resume returns a watch with the events of an opened watch, followed by those of the watches that resume it.
func (l *listWatch) resume(ctx context.Context, o metav1.ListOptions, opened watch.Interface) watch.Interface {
	w := &resumedWatch{calls: l, options: o, current: opened, events: make(chan watch.Event), ended: make(chan struct{})}
	w.ctx, w.end = context.WithCancel(ctx)
	go w.run()
	return w
}

// ResultChan implements watch.Interface.
func (w *resumedWatch) ResultChan() <-chan watch.Event { return w.events }

// Stop implements watch.Interface.
func (w *resumedWatch) Stop() {
	w.end()
	<-w.ended
}

// lasting is how long a watch must stay open to count as working, even if no event arrives.
const lasting = 10 * time.Second

func (w *resumedWatch) run() {
	defer close(w.ended)
	defer close(w.events)
	for backoff := retries(); ; {
		opened := time.Now()
		w.calls.informer.Watches.Add(1)
		again := w.relay()
		w.calls.informer.Watches.Add(-1)
		w.current.Stop()
		if !again {
			return
		}
		if time.Since(opened) > lasting {
			backoff = retries()
		} else {
			select {
			case <-w.ctx.Done():
				return
			case <-time.After(backoff.Step()):
			}
		}
		var err error
		if w.current, err = w.calls.open(w.ctx, w.options); err != nil {
			w.send(watch.Event{Type: watch.Error, Object: statusOf(err)})
			return
		}
	}
}

// relay passes events on until the watch is interrupted, and reports whether it can be resumed.
func (w *resumedWatch) relay() bool {
	worked := time.NewTimer(lasting)
	defer worked.Stop()
	for {
		select {
		case <-w.ctx.Done():
			return false
		case <-worked.C:
			w.calls.informer.WatchWorks(w.calls.cluster)
		case event, ok := <-w.current.ResultChan():
			switch {
			case !ok:
				return w.resumable()
			case event.Type == watch.Error:
				return w.fail(event)
			case event.Type != watch.Bookmark && nameless(event.Object):
				return w.fail(undecodableEvent(errNameless))
			}
			w.calls.informer.WatchWorks(w.calls.cluster)
			w.note(event)
			if !w.send(event) {
				return false
			}
		}
	}
}

// fail handles an error event, and reports whether the watch can be resumed.
func (w *resumedWatch) fail(event watch.Event) bool {
	if w.ctx.Err() != nil { // the watch is stopped
		return false
	}
	err := apierrors.FromObject(event.Object)
	w.calls.informer.WatchFailed(w.calls.cluster, err)
	switch {
	case !w.resumable(), placeLost(err):
	case connectionLost(err) != "":
		return true
	case undecodable(err) && w.garbled == w.options.ResourceVersion: // the same event again: only a list can get past it
		event.Object = statusOf(apierrors.NewResourceExpired(err.Error()))
	case undecodable(err):
		w.garbled = w.options.ResourceVersion
		return true
	default:
		return true
	}
	w.send(event)
	return false
}

// placeLost reports whether the API server cannot resume a watch at the requested resourceVersion.
func placeLost(err error) bool {
	return apierrors.IsResourceExpired(err) || apierrors.IsGone(err) || isVersionTooLarge(err)
}

// decodingCause is the cause in client-go's errors about events of a watch that it cannot decode.
const decodingCause metav1.CauseType = "ClientWatchDecoding"

// undecodable reports whether an error is about an event that cannot be decoded: one that is too large, garbled, or about an
// object without a name.
func undecodable(err error) bool { return apierrors.HasStatusCause(err, decodingCause) }

// connectionLost returns what happened to the HTTP/2 connection of a watch, or an empty string if the error is about something
// else. client-go reports a lost connection as an event that cannot be decoded.
func connectionLost(err error) string {
	_, text, _ := strings.Cut(err.Error(), "from the watch stream: ") // the first occurrence: the text after it may quote an object
	if !strings.HasPrefix(text, "http2: ") || !undecodable(err) {
		return ""
	}
	text, _, _ = strings.Cut(text, `") has prevented`)
	return text
}

// undecodableEvent returns the error event that client-go sends for an event that cannot be decoded.
func undecodableEvent(err error) watch.Event {
	return watch.Event{Type: watch.Error, Object: apierrors.NewClientErrorReporter(http.StatusInternalServerError, "watch", string(decodingCause)).
		AsObject(fmt.Errorf("unable to decode an event from the watch stream: %w", err))}
}

// nameless reports whether an object has no name. Only the object of a bookmark may have none.
func nameless(obj any) bool {
	m, err := apimeta.Accessor(obj)
	return err != nil || m.GetName() == ""
}

// resumable reports whether the watch has a resourceVersion from which it can be resumed.
func (w *resumedWatch) resumable() bool {
	return w.options.ResourceVersion != "" && w.options.ResourceVersion != "0"
}

// note stores the resourceVersion of an event.
func (w *resumedWatch) note(event watch.Event) {
	if m, err := apimeta.Accessor(event.Object); err == nil && m.GetResourceVersion() != "" {
		w.options.ResourceVersion = m.GetResourceVersion()
	}
}

func (w *resumedWatch) send(event watch.Event) bool {
	select {
	case <-w.ctx.Done():
		return false
	case w.events <- event:
		return true
	}
}

// statusOf returns an error in the form in which a watch sends it.
func statusOf(err error) *metav1.Status {
	if status, ok := err.(apierrors.APIStatus); ok {
		s := status.Status()
		return &s
	}
	return &apierrors.NewInternalError(err).ErrStatus
}
