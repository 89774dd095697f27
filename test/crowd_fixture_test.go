package test

import (
	"fmt"
	"maps"
	"os"
	"strconv"
	"testing"

	"golang.org/x/sync/errgroup"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// crowdVariable says how many objects a crowd has, where it is more than usual.
const crowdVariable = "CROWD"

// crowdSize returns how many objects a crowd has.
func crowdSize(t *testing.T) int {
	t.Helper()
	value, ok := os.LookupEnv(crowdVariable)
	if !ok {
		return 5000
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s is not a number of objects", crowdVariable, value)
	}
	return n
}

// crowdAddress is what all in a crowd answer with.
const crowdAddress = "192.0.2.9"

// crowd is a cluster with many objects, for the tests that need one. It is started for
// the first of them, and closed after the last test.
var crowd struct {
	*testcluster.Cluster
	size int
}

// newCrowd returns a corner with many Ingresses, crowd-0.$ZONE and so on, and an
// object of each kind, in a cluster of its own. Tests share it, one after the other,
// and leave it as it was.
func newCrowd(t *testing.T) *corner {
	t.Helper()
	if cluster == nil {
		t.Skip("needs a real API server, left out by -short")
	}
	c := &corner{t: t, namespace: "crowd", zone: "crowd.example"}
	if crowd.Cluster != nil {
		return c
	}
	var err error
	if crowd.Cluster, err = testcluster.Start(t.Context(), testcluster.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, manifest := range resilientManifests {
		c.applyTo(crowd.Cluster, manifest)
	}
	config := crowd.Config()
	config.ContentType = "application/vnd.kubernetes.protobuf"
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	var workers errgroup.Group
	workers.SetLimit(16)
	crowd.size = crowdSize(t)
	for i := range crowd.size {
		name := fmt.Sprintf("crowd-%d", i)
		workers.Go(func() error {
			_, err := client.NetworkingV1().Ingresses(c.namespace).Create(t.Context(), &networkingv1.Ingress{
				ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{"coredns.io/target": crowdAddress}},
				Spec:       networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{Host: name + "." + c.zone}}},
			}, metav1.CreateOptions{})
			return err
		})
	}
	if err := workers.Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

// crowdAnswers are what a crowd, and what is beside it, answers.
func crowdAnswers() answers {
	all := maps.Clone(resilientAnswers)
	for i := 0; i < crowd.size; i += max(1, crowd.size/50) {
		all[fmt.Sprintf("crowd-%d.$ZONE", i)] = crowdAddress
	}
	return all
}
