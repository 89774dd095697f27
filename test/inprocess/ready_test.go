package inprocess

import (
	"errors"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// R4: ready once everything was listed, or found absent or forbidden. What fails in another way is waited for until
// the startup timeout is over, provided that something was listed.
func TestReady(t *testing.T) {
	const listed, waiting = "listed", "waiting"
	states := map[string]func(c *kube.Cluster, i *kube.Informer){
		listed:     func(_ *kube.Cluster, i *kube.Informer) { i.Listed.Store(true); i.Settle() },
		waiting:    func(*kube.Cluster, *kube.Informer) {},
		"arriving": func(_ *kube.Cluster, i *kube.Informer) { i.LastArrival.Store(time.Now().UnixNano()) },
		"absent": func(c *kube.Cluster, i *kube.Informer) {
			i.Failed(c, func() {}, apierrors.NewNotFound(schema.GroupResource{}, ""))
		},
		"forbidden": func(c *kube.Cluster, i *kube.Informer) {
			i.Failed(c, func() {}, apierrors.NewForbidden(schema.GroupResource{}, "", nil))
		},
		"failing": func(c *kube.Cluster, i *kube.Informer) { i.Failed(c, func() {}, errors.New("connection refused")) },
	}
	for _, tc := range []struct {
		ingress, service string
		early, late      bool // ready before the startup timeout is over, and after it
	}{
		{listed, listed, true, true},
		{listed, waiting, false, true},
		{listed, "arriving", false, false},
		{waiting, waiting, false, false},
		{listed, "absent", false, true},
		{listed, "forbidden", false, true},
		{listed, "failing", false, true},
		{"absent", "absent", false, true},
		{"absent", "failing", false, false},
		{"failing", "failing", false, false},
	} {
		f := fixture.NewUnlisted(t, "resources Ingress Service\napex ns1 192.0.2.53")
		c := f.Clusters[0]
		for _, i := range c.Demanded() {
			state := tc.ingress
			if i.Title == "Service" {
				state = tc.service
			}
			states[state](c, i)
		}
		if got := f.Ready(); got != tc.early {
			t.Errorf("%s, %s: ready %t before the startup timeout is over, want %t", tc.ingress, tc.service, got, tc.early)
		}
		over := make(chan struct{})
		close(over)
		c.AwaitStartup(over)
		if got := f.Ready(); got != tc.late {
			t.Errorf("%s, %s: ready %t after it, want %t", tc.ingress, tc.service, got, tc.late)
		}
		for _, i := range c.Demanded() {
			states["failing"](c, i) // the API server goes away
		}
		if tc.late && !f.Ready() {
			t.Errorf("%s, %s: not ready any more", tc.ingress, tc.service)
		}
	}
}
