package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"k8s.io/client-go/rest"
)

// paths are where the resources of each kind are.
var paths = map[string]string{
	"Namespace":     "/api/v1/namespaces",
	"Service":       "/api/v1/namespaces/%s/services",
	"EndpointSlice": "/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices",
	"Ingress":       "/apis/networking.k8s.io/v1/namespaces/%s/ingresses",
	"HTTPRoute":     "/apis/gateway.networking.k8s.io/v1/namespaces/%s/httproutes",
	"Gateway":       "/apis/gateway.networking.k8s.io/v1/namespaces/%s/gateways",
	"ListenerSet":   "/apis/gateway.networking.k8s.io/v1/namespaces/%s/listenersets",
	"DNSEndpoint":   "/apis/externaldns.k8s.io/v1alpha1/namespaces/%s/dnsendpoints",
}

// api writes objects with as little work as can be, so that the one who measures is not in the way of who is measured.
type api struct {
	client *http.Client
	host   string
}

func newAPI(config *rest.Config) (*api, error) {
	client, err := rest.HTTPClientFor(config)
	return &api{client, strings.TrimSuffix(config.Host, "/")}, err
}

// item is an object in JSON, and its status, if any.
type item struct {
	kind, namespace, name string
	body, status          []byte
}

// object makes an item of an object's fields, as JSON has them.
func object(kind, namespace, name, metadata string, fields ...string) item {
	group := map[string]string{"Service": "v1", "EndpointSlice": "discovery.k8s.io/v1", "Ingress": "networking.k8s.io/v1", "DNSEndpoint": "externaldns.k8s.io/v1alpha1"}[kind]
	if group == "" {
		group = "gateway.networking.k8s.io/v1"
	}
	if metadata != "" {
		metadata = ", " + metadata
	}
	i := item{kind: kind, namespace: namespace, name: name}
	for n, f := range fields {
		if status, ok := strings.CutPrefix(f, `"status":`); ok {
			i.status = fmt.Appendf(nil, `[{"op": "add", "path": "/status", "value": %s}]`, status)
			fields = append(fields[:n:n], fields[n+1:]...)
			break
		}
	}
	i.body = fmt.Appendf(nil, `{"apiVersion": %q, "kind": %q, "metadata": {"name": %q%s}`, group, kind, name, metadata)
	for _, f := range fields {
		i.body = append(append(i.body, ", "...), f...)
	}
	i.body = append(i.body, '}')
	return i
}

func (a *api) create(ctx context.Context, i item) error {
	if err := a.do(ctx, http.MethodPost, i.collection(), "application/json", i.body); err != nil {
		return err
	}
	if i.status == nil {
		return nil
	}
	return a.do(ctx, http.MethodPatch, i.path()+"/status", "application/json-patch+json", i.status)
}

// patch applies a merge patch, or a list of changes (RFC 6902).
func (a *api) patch(ctx context.Context, i item, change string) error {
	media := "application/merge-patch+json"
	if strings.HasPrefix(change, "[") {
		media = "application/json-patch+json"
	}
	return a.do(ctx, http.MethodPatch, i.path(), media, []byte(change))
}

func (a *api) delete(ctx context.Context, i item) error {
	return a.do(ctx, http.MethodDelete, i.path(), "application/json", nil)
}

func (i item) collection() string { return fmt.Sprintf(paths[i.kind], i.namespace) }

func (i item) path() string { return i.collection() + "/" + i.name }

func (a *api) do(ctx context.Context, method, path, media string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, method, a.host+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", media)
	reply, err := a.client.Do(req)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	if reply.StatusCode >= 300 {
		text, _ := io.ReadAll(io.LimitReader(reply.Body, 600))
		return fmt.Errorf("%s %s: %s: %s", method, path, reply.Status, text)
	}
	_, err = io.Copy(io.Discard, reply.Body)
	return err
}

// quoted is a text as JSON has it.
func quoted(s string) string {
	text, _ := json.Marshal(s) // a string always works
	return string(text)
}
