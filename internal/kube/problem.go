package kube

import (
	"errors"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// Succeeded notes a request that was answered.
func (i *Informer) Succeeded(c *Cluster) {
	since := i.RefusedSince.Swap(0)
	switch i.Problem.Swap(NoProblem) {
	case Absent, Forbidden:
		log.Infof("%s: %s: is served and may be listed now", c.Name(), i.Title)
		i.Returned.Store(true)
	case Failing:
		i.LogProblem(c, "", since)
	}
}

// Failed notes a request that failed. It ends the attempt if the resource is absent or forbidden, or if the credentials are
// refused.
func (i *Informer) Failed(c *Cluster, end func(), err error) {
	problem := Failing
	switch {
	case apierrors.IsNotFound(err):
		problem = Absent
	case apierrors.IsForbidden(err):
		problem = Forbidden
	}
	text := err.Error()
	i.lastError.Store(&text)
	before := i.Problem.Swap(problem)
	if problem != Failing || isCredentialError(err) {
		end()
	}
	// A problem of all kinds of the cluster is logged once, by the Cluster.
	if problem == Failing && (i.outdated(c, err) || c.Unanswered(err)) {
		i.RefusedSince.Store(0)
		err = nil
	}
	if before != problem {
		UnlistedKinds.WithLabelValues(i.Kind, reasons[problem]).Inc()
	}
	switch {
	case before == problem && problem != Failing:
	case problem == Absent:
		log.Warningf("%s: %s: not served by the API server (%s), %s until it is", c.Name(), i.Title, i.Resource, i.UnlistedEffect)
	case problem == Forbidden:
		log.Warningf("%s: %s: no permission to list or watch (until it has been listed once, it %s): %v", c.Name(), i.Title, i.UnlistedEffect, err)
	case err == nil, i.RefusedSince.CompareAndSwap(0, time.Now().UnixNano()):
	case time.Since(time.Unix(0, i.RefusedSince.Load())) > startingUp:
		i.LogProblem(c, err.Error(), 0)
	}
	if problem != Failing && i.GraceOver.Load() {
		i.Settle()
	}
}

// outdated reports whether the refused credentials have been replaced since: there is a new connection, or the API server has
// answered another request since the refused one was sent. (client-go reads a token file again by itself.)
func (i *Informer) outdated(c *Cluster, err error) bool {
	return isCredentialError(err) && (i.Conn.Load() != c.Conn.Load() || i.answersBefore.Load() != c.Answers.Load())
}

// listRefused notes an answer that tells the client to list in another way. One such answer is normal, and a second one in a
// row is a problem.
func (i *Informer) listRefused(c *Cluster, err error) {
	if i.refusals.Add(1) > 1 {
		i.Failed(c, func() {}, err)
	}
}

// WatchFailed notes that a watch could not be resumed, or ended with an error. One failure is normal: after a long outage, an
// API server makes clients list again. A second failure before a watch has worked is a problem: the stored objects are then as
// old as the last list.
func (i *Informer) WatchFailed(c *Cluster, err error) {
	text, lost := err.Error(), connectionLost(err)
	if lost != "" {
		text = lost
	}
	i.watchError.Store(&text)
	if strings.Contains(lost, "client connection lost") { // this is common to all kinds of the cluster, so Cluster logs it once
		c.Unanswered(errors.New(lost))
	}
	switch i.watchFailures.Add(1) {
	case 1:
		if lost != "" {
			return
		}
		log.Infof("%s: %s: the watch ended, trying again: %s", c.Name(), i.Title, text)
	case 2:
		UnlistedKinds.WithLabelValues(i.Kind, reasons[Failing]).Inc()
		log.Warningf("%s: %s: cannot be watched: retrying, and listing repeatedly until it works: %s", c.Name(), i.Title, text)
	}
}

// WatchWorks notes that a watch has brought an event, or has been open for some time.
func (i *Informer) WatchWorks(c *Cluster) {
	if i.watchFailures.Load() > 0 && i.watchFailures.Swap(0) > 1 {
		log.Infof("%s: %s: is watched again", c.Name(), i.Title)
	}
}

// LogProblem logs an informer's problem if it differs from the one that was logged before. An empty problem means that the last
// one is over; since is when that one began, in nanoseconds since 1970.
func (i *Informer) LogProblem(c *Cluster, problem string, since int64) {
	switch before := i.logged.Swap(&problem); {
	case before != nil && *before == problem, before == nil && problem == "":
	case problem == "":
		log.Infof("%s: %s: is listed again, after %s: %s known", c.Name(), i.Title, wording.Elapsed(time.Unix(0, since)), wording.Count(i.Objects.Load(), "object"))
	default:
		log.Warningf("%s: %s: cannot be listed or watched, trying again: %s", c.Name(), i.Title, problem)
	}
}
