package testcluster

import (
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// TestCluster follows one cluster through its life: the examples with their
// statuses, a stop, a restart with the same data, a deletion.
func TestCluster(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a real API server, left out by -short")
	}
	ctx := t.Context()
	c, err := Start(ctx, Options{Dir: t.TempDir(), Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}()
	client, err := kubernetes.NewForConfig(c.Config())
	if err != nil {
		t.Fatal(err)
	}
	examples := readExamples(t)
	for range 2 { // applying twice changes nothing
		if err := c.Apply(ctx, examples); err != nil {
			t.Fatal(err)
		}
	}

	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	host, err := url.Parse(c.Config().Host)
	if err != nil {
		t.Fatal(err)
	}
	if conn, err := net.Dial("tcp", host.Host); err == nil {
		conn.Close()
		t.Errorf("%s answers after Stop", host.Host)
	}
	if err := c.Restart(ctx); err != nil {
		t.Fatal(err)
	}

	// Who has a client certificate is who it says.
	certified := c.Config()
	certified.BearerToken = ""
	if certified.CertData, certified.KeyData, err = c.ClientCertificate(time.Hour, "jane", "friends"); err != nil {
		t.Fatal(err)
	}
	if user := whoAmI(t, certified); user.Username != "jane" || !slices.Contains(user.Groups, "friends") {
		t.Errorf("with the certificate of jane of friends one is %s of %v", user.Username, user.Groups)
	}

	ingress, err := client.NetworkingV1().Ingresses("default").Get(ctx, "shop", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(ingress.Status.LoadBalancer.Ingress); n != 2 {
		t.Errorf("the Ingress has %d addresses in its status, want 2", n)
	}
	node, err := client.CoreV1().Nodes().Get(ctx, "worker-1", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(node.Status.Addresses); n != 3 {
		t.Errorf("the Node has %d addresses, want 3", n)
	}

	for range 2 { // what is gone is passed over
		if err := c.Delete(ctx, examples); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.CoreV1().Nodes().Get(ctx, "worker-1", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
		t.Errorf("a deleted Node: got %v, want not found", err)
	}

	err = c.Apply(ctx, []byte("apiVersion: v1\nkind: Service\nmetadata: {name: bad, namespace: nowhere}\n"))
	if err == nil || !strings.Contains(err.Error(), "Service nowhere/bad") {
		t.Errorf("the error does not name the object: %v", err)
	}
}

func whoAmI(t *testing.T, config *rest.Config) authenticationv1.UserInfo {
	t.Helper()
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	review, err := client.AuthenticationV1().SelfSubjectReviews().Create(t.Context(), &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return review.Status.UserInfo
}

// readExamples returns the project's example manifests as one file.
func readExamples(t *testing.T) []byte {
	t.Helper()
	files, err := filepath.Glob("../../examples/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	var all []string
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(content))
	}
	return []byte(strings.Join(all, "\n---\n"))
}
