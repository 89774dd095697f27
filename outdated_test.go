package gateway

import (
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// R3: what is refused with credentials that others have taken the place of by then says nothing about those.
func TestOutdatedCredentials(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com")
	c := f.clusters[0]
	i := c.demanded()[0]
	refused := func(with, now *connection) (trouble int32, ended bool) {
		c.trouble.Store(noTrouble)
		i.conn.Store(with)
		c.conn.Store(now)
		i.failed(c, func() { ended = true }, apierrors.NewUnauthorized("expired"))
		return c.trouble.Load(), ended
	}
	before, now := &connection{}, &connection{}
	if trouble, ended := refused(before, now); trouble != noTrouble || !ended {
		t.Errorf("outdated: trouble %d, ended %t", trouble, ended)
	}
	if trouble, ended := refused(now, now); trouble != untrusted || !ended {
		t.Errorf("those that there are: trouble %d, ended %t", trouble, ended)
	}
	c.answers.Add(1) // to another request, after the refused one was sent
	if trouble, ended := refused(now, now); trouble != noTrouble || !ended {
		t.Errorf("answered since: trouble %d, ended %t", trouble, ended)
	}
}
