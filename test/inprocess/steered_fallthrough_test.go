package inprocess

import (
	"context"
	"testing"

	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// T1: if a filter leaves a name to the next stanza, the metadata name the object of that stanza.
func TestMetadataAfterFallthrough(t *testing.T) {
	block := fixture.NewBlock(t, `k8s_gateway example.com {
  resources Ingress
  steer subnet!
  network lan 10.0.0.0/8
  fallthrough
}
k8s_gateway example.com {
  resources Service
}`)
	block[0].Apply(fixture.AnObject("Ingress", "default/web", `annotations: {coredns.io/hostname: "web.example.com", coredns.io/target: "10.0.0.1", coredns.io/clients: lan}`, "spec: {}"))
	block[1].Apply(fixture.AnObject("Service", "default/web", `annotations: {coredns.io/hostname: "web.example.com"}`, "spec: {type: LoadBalancer, externalIPs: [192.0.2.9]}"))
	for client, want := range map[string]string{"10.0.0.7": "Ingress", "192.0.2.7": "Service"} {
		state := request.Request{W: &test.ResponseWriter{RemoteIP: client}, Req: fixture.Expect("web.example.com. A").Msg()}
		ctx := block[0].Metadata(metadata.ContextWithMetadata(context.Background()), state)
		if kind := metadata.ValueFunc(ctx, "k8s_gateway/kind")(); kind != want {
			t.Errorf("for %s the metadata say %q, want %s", client, kind, want)
		}
	}
}
