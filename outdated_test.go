package gateway

import (
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// R3: what is refused with credentials that others have taken the place of by then says nothing about those.
func TestOutdatedCredentials(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com")
	c := f.clusters[0]
	i := c.Demanded()[0]
	refused := func(with, now *kube.Connection) (trouble int32, ended bool) {
		c.Trouble.Store(kube.NoTrouble)
		i.Conn.Store(with)
		c.Conn.Store(now)
		i.Failed(c, func() { ended = true }, apierrors.NewUnauthorized("expired"))
		return c.Trouble.Load(), ended
	}
	before, now := &kube.Connection{}, &kube.Connection{}
	if trouble, ended := refused(before, now); trouble != kube.NoTrouble || !ended {
		t.Errorf("outdated: trouble %d, ended %t", trouble, ended)
	}
	if trouble, ended := refused(now, now); trouble != kube.Untrusted || !ended {
		t.Errorf("those that there are: trouble %d, ended %t", trouble, ended)
	}
	c.Answers.Add(1) // to another request, after the refused one was sent
	if trouble, ended := refused(now, now); trouble != kube.NoTrouble || !ended {
		t.Errorf("answered since: trouble %d, ended %t", trouble, ended)
	}
}
