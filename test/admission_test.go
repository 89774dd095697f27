package test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

// The policy in examples/admission lets a namespace claim the names below its own, and no others. SECURITY.md and the
// example promise that.
func TestAdmissionOwnNames(t *testing.T) {
	c := newCorner(t)
	policy, err := os.ReadFile("../examples/admission/own-names.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// For this test's namespace alone: others share the API server.
	here := strings.NewReplacer("example.com", "example", "NotIn", "In", "[kube-system, infra]", "[$NAMESPACE]", "name: dns-", "name: $NAMESPACE-dns-", "policyName: dns-", "policyName: $NAMESPACE-dns-")
	c.apply(here.Replace(string(policy)))
	t.Cleanup(func() {
		if err := cluster.Delete(context.Background(), []byte(c.expand(here.Replace(string(policy))))); err != nil {
			t.Error(err)
		}
	})

	for _, name := range []string{"ingress", "annotation", "externalips"} { // policies begin to count a moment after they are there
		for deadline := time.Now().Add(awaitTimeout); c.admits(refusedObjects[name]); time.Sleep(awaitInterval) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: not refused", name)
			}
		}
	}
	for name, manifest := range refusedObjects {
		if c.admits(manifest) {
			t.Errorf("%s: not refused", name)
		}
	}
	for name, manifest := range admittedObjects {
		if err := cluster.Apply(t.Context(), []byte(c.expand(manifest))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// admits reports whether the API server takes an object, and deletes it again. Any other refusal than one of the
// policies is an error.
func (c *corner) admits(manifest string) bool {
	c.t.Helper()
	err := cluster.Apply(c.t.Context(), []byte(c.expand(manifest)))
	if err == nil {
		c.delete(manifest)
		return true
	}
	if !strings.Contains(err.Error(), "ValidatingAdmissionPolicy") {
		c.t.Error(err)
	}
	return false
}

var refusedObjects = map[string]string{
	"ingress":            anIngress("spec: {rules: [{host: ok.$ZONE}, {host: bank.example}]}"),
	"ingress wildcard":   anIngress("spec: {rules: [{host: '*.example'}]}"),
	"ingress neighbour":  anIngress("spec: {rules: [{host: x-$ZONE}]}"),
	"annotation":         annotated("coredns.io/hostname: bank.example"),
	"annotation list":    annotated("coredns.io/hostname: 'ok.$ZONE, bank.example'"),
	"annotation spelled": annotated("coredns.io/hostname: 'ＢＡＮＫ.example.'"),
	"relative":           annotated("coredns.io/hostname: bank"),
	"wildcard":           annotated("coredns.io/hostname: '*'"),
	"external-dns":       annotated("external-dns.kubernetes.io/hostname: bank.example"),
	"external-dns alpha": annotated("external-dns.alpha.kubernetes.io/hostname: bank.example"),
	"target":             annotated("coredns.io/target: 198.51.100.66"),
	"externalips":        aService("spec: {type: LoadBalancer, externalIPs: [198.51.100.66], ports: [{port: 80}]}"),
	"route":              aRoute("annotations: {coredns.io/hostname: bank.example}"),
	"endpoint":           "apiVersion: externaldns.k8s.io/v1alpha1\nkind: DNSEndpoint\nmetadata: {name: x, namespace: $NAMESPACE, annotations: {coredns.io/hostname: bank.example, coredns.io/target: 198.51.100.66}}\n",
}

var admittedObjects = map[string]string{
	"ingress":      anIngress("spec: {rules: [{host: ok.$ZONE}, {host: '*.$ZONE'}, {http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: x, port: {number: 80}}}}]}}]}\nstatus: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"),
	"default only": anIngress("spec: {defaultBackend: {service: {name: x, port: {number: 80}}}}"),
	"service":      annotated("coredns.io/hostname: 'ok.$ZONE, *.also.$ZONE', coredns.io/ttl: 5m"),
	"plain":        aService("spec: {type: LoadBalancer, ports: [{port: 80}]}\nstatus: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"),
	"route":        aRoute("annotations: {coredns.io/hostname: ok.$ZONE}"),
}

func anIngress(body string) string {
	return "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: x, namespace: $NAMESPACE}\n" + body + "\n"
}

func aService(body string) string {
	return "apiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: $NAMESPACE}\n" + body + "\n"
}

func annotated(annotations string) string {
	return "apiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: $NAMESPACE, annotations: {" + annotations + "}}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n"
}

func aRoute(meta string) string {
	return "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: x, namespace: $NAMESPACE, " + meta + "}\nspec: {parentRefs: [{name: x}]}\n"
}
