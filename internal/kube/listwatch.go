package kube

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
)

// retries returns the backoff before a failed request is made again. client-go would wait up to a minute, and partly without
// noticing that the context has ended.
func retries() *wait.Backoff {
	return &wait.Backoff{Duration: 500 * time.Millisecond, Factor: 2, Jitter: 0.2, Steps: 5, Cap: 10 * time.Second}
}

// listWatch makes the list and watch calls of an informer. A request that fails for a temporary reason (no connection, or a
// server that is busy or fails) is made again until the context ends. A permanent error is returned. Both are reported to the
// informer.
type listWatch struct {
	cache.ListerWatcherWithContext
	informer *Informer
	cluster  *Cluster
	resource Resource // in the version that is served
	end      func()   // ends the attempt
}

// IsWatchListSemanticsUnSupported makes client-go use lists, which are read item by item, and not a watch that sends all
// objects.
func (l *listWatch) IsWatchListSemanticsUnSupported() bool { return true }

// List and Watch exist only to implement cache.ListerWatcher.
func (l *listWatch) List(o metav1.ListOptions) (runtime.Object, error) {
	return l.ListWithContext(context.Background(), o)
}

func (l *listWatch) Watch(o metav1.ListOptions) (watch.Interface, error) {
	return l.WatchWithContext(context.Background(), o)
}

func (l *listWatch) ListWithContext(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
	list, err := retry(ctx, l, (*Informer).listRefused, func() (runtime.Object, error) {
		return l.ListerWatcherWithContext.ListWithContext(ctx, o)
	})
	if err != nil {
		return nil, err
	}
	l.informer.refusals.Store(0)
	l.succeeded()
	return list, nil
}

func (l *listWatch) WatchWithContext(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
	w, err := l.open(ctx, o)
	if err != nil {
		return nil, err
	}
	return l.resume(ctx, o, w), nil
}

func (l *listWatch) open(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
	w, err := retry(ctx, l, (*Informer).WatchFailed, func() (watch.Interface, error) {
		before := l.cluster.LastHeard.Load()
		w, err := l.ListerWatcherWithContext.WatchWithContext(ctx, o)
		if err == nil && l.cluster.LastHeard.Load() == before { // client-go returns an empty watch if the connection was lost
			w.Stop()
			return nil, io.ErrUnexpectedEOF
		}
		return w, err
	})
	if err != nil {
		return nil, err
	}
	l.succeeded()
	return w, nil
}

func (l *listWatch) succeeded() {
	l.cluster.Answered()
	l.informer.Succeeded(l.cluster)
}

// retry makes a request until there is a final answer. Some answers say that the client should make another request: a list
// instead of a watch, or a list with another resourceVersion. For these, retry calls refused.
func retry[T any](ctx context.Context, l *listWatch, refused func(*Informer, *Cluster, error), request func() (T, error)) (reply T, err error) {
	for backoff := retries(); ; {
		if err = ctx.Err(); err != nil {
			return reply, err
		}
		l.informer.answersBefore.Store(l.cluster.Answers.Load())
		if reply, err = request(); err == nil || ctx.Err() != nil {
			return reply, err
		}
		err = l.cluster.Verify(ctx, l.resource, err)
		if placeLost(err) || apierrors.IsInvalid(err) {
			refused(l.informer, l.cluster, err)
			return reply, err
		}
		l.informer.Failed(l.cluster, l.end, err)
		if !isTransient(err) {
			return reply, err
		}
		wait := backoff.Step()
		if seconds, ok := apierrors.SuggestsClientDelay(err); ok {
			wait = max(wait, min(time.Duration(seconds)*time.Second, backoff.Cap))
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// errNotAPIServer is the error for an answer that does not come from a Kubernetes API server.
var errNotAPIServer = errors.New("not the answer of a Kubernetes API server")

// Verify returns err, or errNotAPIServer if err is a 403 or 404 that the API server itself did not send: a proxy in front of an
// API server that starts or fails sends these too, and they must not remove any name.
func (c *Cluster) Verify(ctx context.Context, r Resource, err error) error {
	foreign := apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse)
	switch {
	case apierrors.IsNotFound(err) && !c.Lacks(ctx, r), apierrors.IsForbidden(err) && foreign:
		return fmt.Errorf("%w: %v", errNotAPIServer, err)
	}
	return err
}

// isTransient reports whether a request that failed should be made again unchanged.
func isTransient(err error) bool {
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		return !isCredentialError(err)
	}
	return !isVersionTooLarge(err) && (apierrors.IsTooManyRequests(err) || apierrors.IsInternalError(err) || apierrors.IsServiceUnavailable(err) ||
		apierrors.IsServerTimeout(err) || apierrors.IsTimeout(err) || apierrors.IsUnexpectedServerError(err))
}

// isVersionTooLarge reports whether the API server's state is older than the resourceVersion of the request. This happens after
// its storage was restored from a backup; the client must then list again without a resourceVersion.
func isVersionTooLarge(err error) bool {
	return apierrors.HasStatusCause(err, metav1.CauseTypeResourceVersionTooLarge)
}

// isCredentialError reports whether the API server does not accept the client's credentials, or the client does not accept the
// API server's certificate.
func isCredentialError(err error) bool {
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	return apierrors.IsUnauthorized(err) || errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid)
}
