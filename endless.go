package gateway

import (
	"context"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

// endless is a watch that is taken up where it broke off, for as long as the API server still knows that place: a
// connection that is lost must not cost a list of everything, nor the wait that client-go puts before one.
type endless struct {
	l       *insistent
	options metav1.ListOptions // what to take it up with
	current watch.Interface
	events  chan watch.Event
	ctx     context.Context
	end     context.CancelFunc
	ended   chan struct{}
}

// newEndless goes on from a watch that was opened with some options.
func (l *insistent) newEndless(ctx context.Context, o metav1.ListOptions, opened watch.Interface) watch.Interface {
	w := &endless{l: l, options: o, current: opened, events: make(chan watch.Event), ended: make(chan struct{})}
	w.ctx, w.end = context.WithCancel(ctx)
	go w.run()
	return w
}

// ResultChan implements watch.Interface.
func (w *endless) ResultChan() <-chan watch.Event { return w.events }

// Stop implements watch.Interface.
func (w *endless) Stop() {
	w.end()
	<-w.ended
}

// lasting is how long a watch lasts that is no sign of trouble.
const lasting = 10 * time.Second

func (w *endless) run() {
	defer close(w.ended)
	defer close(w.events)
	for backoff := retries(); ; {
		opened := time.Now()
		w.l.informer.watches.Add(1)
		again := w.relay()
		w.l.informer.watches.Add(-1)
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
		if w.current, err = w.l.open(w.ctx, w.options); err != nil {
			w.send(watch.Event{Type: watch.Error, Object: statusOf(err)})
			return
		}
	}
}

// relay hands events on until the watch breaks off, and reports whether it can be taken up again.
func (w *endless) relay() bool {
	for {
		select {
		case <-w.ctx.Done():
			return false
		case event, ok := <-w.current.ResultChan():
			switch {
			case !ok:
				return w.resumable()
			case event.Type == watch.Error:
				err := apierrors.FromObject(event.Object)
				if w.resumable() && !apierrors.IsResourceExpired(err) && !apierrors.IsGone(err) && !tooLarge(err) {
					return true
				}
				w.send(event)
				return false
			}
			w.note(event)
			if !w.send(event) {
				return false
			}
		}
	}
}

// resumable reports whether it is known where the watch is: not before the objects that there were at its beginning
// have all come, which is in no order.
func (w *endless) resumable() bool {
	return w.options.SendInitialEvents == nil && w.options.ResourceVersion != "" && w.options.ResourceVersion != "0"
}

// note keeps the place that an event is at.
func (w *endless) note(event watch.Event) {
	m, err := apimeta.Accessor(event.Object)
	if err != nil {
		return
	}
	if w.options.SendInitialEvents != nil {
		if event.Type != watch.Bookmark || m.GetAnnotations()[metav1.InitialEventsAnnotationKey] != "true" {
			return
		}
		w.options.SendInitialEvents, w.options.ResourceVersionMatch = nil, ""
	}
	w.options.ResourceVersion = m.GetResourceVersion()
}

func (w *endless) send(event watch.Event) bool {
	select {
	case <-w.ctx.Done():
		return false
	case w.events <- event:
		return true
	}
}

// statusOf returns an error as a watch tells it.
func statusOf(err error) *metav1.Status {
	if status, ok := err.(apierrors.APIStatus); ok {
		s := status.Status()
		return &s
	}
	return &apierrors.NewInternalError(err).ErrStatus
}
