package gateway

import (
	"errors"
	"strings"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// succeeded notes a request that was answered.
func (i *informer) succeeded(c *cluster) {
	since := i.since.Swap(0)
	switch i.problem.Swap(noProblem) {
	case absent, forbidden:
		log.Infof("%s: %s: is served and may be listed now", c.name(), i.what)
		i.returned.Store(true)
	case failing:
		i.say(c, "", since)
	}
}

// failed notes a request that was not. What is absent or forbidden, and credentials that are refused, end the
// attempt.
func (i *informer) failed(c *cluster, end func(), err error) {
	problem := int32(failing)
	switch {
	case apierrors.IsNotFound(err):
		problem = absent
	case apierrors.IsForbidden(err):
		problem = forbidden
	}
	text := err.Error()
	i.lastError.Store(&text)
	before := i.problem.Swap(problem)
	if problem != failing || untrusting(err) {
		end()
	}
	if problem == failing && (i.outdated(c, err) || c.unanswered(err)) { // all kinds of the cluster have it in common, and so it is said once
		i.since.Store(0)
		err = nil
	}
	if before != problem {
		unlistedKinds.WithLabelValues(i.kind, reasons[problem]).Inc()
	}
	switch {
	case before == problem && problem != failing:
	case problem == absent:
		log.Warningf("%s: %s: not served by the API server (%s), counts as having no objects until it is", c.name(), i.what, i.resource)
	case problem == forbidden:
		log.Warningf("%s: %s: no permission to list or watch, one that was never listed counts as having no objects: %v", c.name(), i.what, err)
	case err == nil, i.since.CompareAndSwap(0, time.Now().UnixNano()):
	case time.Since(time.Unix(0, i.since.Load())) > starting:
		i.say(c, err.Error(), 0)
	}
	if problem != failing && i.late.Load() {
		i.settle()
	}
}

// outdated reports whether a refusal is about credentials that have been replaced: there is another connection, or the API
// server has answered another request since the refused one was sent. (client-go reads a token file anew by itself.)
func (i *informer) outdated(c *cluster, err error) bool {
	return untrusting(err) && (i.conn.Load() != c.conn.Load() || i.answersBefore.Load() != c.answers.Load())
}

// listRefused notes the answer to a list that another one should be asked for. One such answer is no trouble, but a second
// one in a row is.
func (i *informer) listRefused(c *cluster, err error) {
	if i.refusals.Add(1) > 1 {
		i.failed(c, func() {}, err)
	}
}

// watchFailed notes that a watch could not be resumed, or ended with an error. The first failure is how an API server has
// all listed anew after a long outage. A second one, before any watch has worked, is trouble: the kind is as old as its last
// list.
func (i *informer) watchFailed(c *cluster, err error) {
	text, lost := err.Error(), connectionLost(err)
	if lost != "" {
		text = lost
	}
	i.watchError.Store(&text)
	if strings.Contains(lost, "client connection lost") { // all kinds of the cluster have it in common, so it is logged once
		c.unanswered(errors.New(lost))
	}
	switch i.watchFailures.Add(1) {
	case 1:
		if lost != "" {
			return
		}
		log.Infof("%s: %s: the watch ended, trying again: %s", c.name(), i.what, text)
	case 2:
		unlistedKinds.WithLabelValues(i.kind, reasons[failing]).Inc()
		log.Warningf("%s: %s: cannot be watched, trying again, is listed again and again meanwhile: %s", c.name(), i.what, text)
	}
}

// watchWorks notes that a watch brought an event, or is open for a while.
func (i *informer) watchWorks(c *cluster) {
	if i.watchFailures.Load() > 0 && i.watchFailures.Swap(0) > 1 {
		log.Infof("%s: %s: is watched again", c.name(), i.what)
	}
}

// say logs what an informer meets when it is not what it met before. Nothing is the end of it, which began at a time in
// nanoseconds since 1970.
func (i *informer) say(c *cluster, problem string, since int64) {
	switch before := i.logged.Swap(&problem); {
	case before != nil && *before == problem, before == nil && problem == "":
	case problem == "":
		log.Infof("%s: %s: is listed again, after %s: %s known", c.name(), i.what, wording.Elapsed(time.Unix(0, since)), wording.Count(i.objects.Load(), "object"))
	default:
		log.Warningf("%s: %s: cannot be listed or watched, trying again: %s", c.name(), i.what, problem)
	}
}
