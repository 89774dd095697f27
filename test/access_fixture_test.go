package test

import (
	"fmt"
	"slices"
	"strings"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd/api"
)

// namespaced are the resources of everything that answers and is in a namespace.
var namespaced = []string{
	"ingresses.networking.k8s.io", "services", "endpointslices.discovery.k8s.io",
	"gateways.gateway.networking.k8s.io", "listenersets.gateway.networking.k8s.io",
	"httproutes.gateway.networking.k8s.io", "tlsroutes.gateway.networking.k8s.io", "grpcroutes.gateway.networking.k8s.io",
	"tcproutes.gateway.networking.k8s.io", "udproutes.gateway.networking.k8s.io", "dnsendpoints.externaldns.k8s.io",
}

// without returns the resources but one.
func without(resource string) []string {
	return slices.DeleteFunc(slices.Clone(namespaced), func(r string) bool { return r == resource })
}

// allow lets the ServiceAccount dns list and watch resources in a namespace, and
// nothing else there: with a Role, which says nothing about other namespaces.
func (c *corner) allow(namespace string, resources []string) {
	c.t.Helper()
	var rules strings.Builder
	for _, r := range resources {
		name, group, _ := strings.Cut(r, ".")
		fmt.Fprintf(&rules, "- {apiGroups: [%q], resources: [%q], verbs: [list, watch]}\n", group, name)
	}
	c.apply(strings.NewReplacer("$NS", namespace, "$RULES", rules.String()).Replace(`
apiVersion: v1
kind: Namespace
metadata: {name: $NS}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: dns, namespace: $NAMESPACE}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: dns, namespace: $NS}
rules:
$RULES
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: dns, namespace: $NS}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: dns}
subjects: [{kind: ServiceAccount, name: dns, namespace: $NAMESPACE}]
`))
}

// token returns a token of the ServiceAccount dns.
func (c *corner) token() string {
	c.t.Helper()
	client, err := kubernetes.NewForConfig(cluster.Config())
	if err != nil {
		c.t.Fatal(err)
	}
	request, err := client.CoreV1().ServiceAccounts(c.namespace).CreateToken(c.t.Context(), "dns", &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	if err != nil {
		c.t.Fatal(err)
	}
	return request.Status.Token
}

// account returns the kubeconfig of the ServiceAccount dns.
func (c *corner) account() string {
	c.t.Helper()
	admin := cluster.Config()
	return writeKubeconfig(c.t, &api.Cluster{Server: admin.Host, CertificateAuthorityData: admin.CAData}, &api.AuthInfo{Token: c.token()})
}
