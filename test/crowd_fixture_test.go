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

	"github.com/k8s-gateway/k8s_gateway/internal/testcluster"
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

// newCrowd creates many Ingresses, crowd-0.$ZONE and so on, in a cluster of the
// test's own, beside an object of each kind.
func (c *corner) newCrowd(own *testcluster.Cluster) (size int) {
	c.t.Helper()
	for _, manifest := range resilientManifests {
		c.applyTo(own, manifest)
	}
	config := own.Config()
	config.ContentType = "application/vnd.kubernetes.protobuf"
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		c.t.Fatal(err)
	}
	var workers errgroup.Group
	workers.SetLimit(16)
	size = crowdSize(c.t)
	for i := range size {
		name := fmt.Sprintf("crowd-%d", i)
		workers.Go(func() error {
			_, err := client.NetworkingV1().Ingresses(c.namespace).Create(c.t.Context(), &networkingv1.Ingress{
				ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{"coredns.io/target": crowdAddress}},
				Spec:       networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{Host: name + "." + c.zone}}},
			}, metav1.CreateOptions{})
			return err
		})
	}
	if err := workers.Wait(); err != nil {
		c.t.Fatal(err)
	}
	return size
}

// crowdAnswers are what a crowd, and what is beside it, answers.
func crowdAnswers(size int) answers {
	all := maps.Clone(resilientAnswers)
	for i := 0; i < size; i += max(1, size/50) {
		all[fmt.Sprintf("crowd-%d.$ZONE", i)] = crowdAddress
	}
	return all
}
