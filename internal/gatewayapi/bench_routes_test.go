package gatewayapi_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// BenchmarkReadRoutes reads a list of realistic HTTPRoutes, and compares with the types of the Gateway API, as client-go does.
func BenchmarkReadRoutes(b *testing.B) {
	var items []string
	for i := range 1_000 {
		manifest := strings.Replace(fixture.ARoute("HTTPRoute", fmt.Sprint("web", i), "gw", fixture.BenchName(i)), "hostnames:",
			"rules: [{matches: [{path: {type: PathPrefix, value: /api}, method: GET, headers: [{name: x, value: z}]}], "+
				"filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: b}]}}], backendRefs: [{name: web, port: 80, weight: 1}]}], hostnames:", 1)
		obj := fixture.Decode(b, manifest)[0].(*gatewayv1.HTTPRoute)
		obj.ResourceVersion = "5"
		obj.Annotations = map[string]string{"kubectl.kubernetes.io/last-applied-configuration": strings.Repeat("copy ", 200)}
		item, err := json.Marshal(obj)
		if err != nil {
			b.Fatal(err)
		}
		managed := `"metadata":{"managedFields":[{"manager":"kubectl","operation":"Update","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{` + strings.Repeat(`"f:x":{},`, 100) + `"f:y":{}}}}],`
		items = append(items, strings.Replace(string(item), `"metadata":{`, managed, 1))
	}
	sent := fixture.JsonList("HTTPRoute", "9", items...)
	sent = strings.Replace(sent, `"apiVersion": "v1"`, `"apiVersion": "gateway.networking.k8s.io/v1"`, 1)
	i := fixture.New(b, "resources HTTPRoute").InformerOf("HTTPRoute")
	b.Run("how=read", func(b *testing.B) {
		b.SetBytes(int64(len(sent)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := kube.ReadList(strings.NewReader(sent), i.Reader, i.Damaged); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("how=decoded", func(b *testing.B) {
		b.SetBytes(int64(len(sent)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := runtime.Decode(fixture.TestCodecs().UniversalDeserializer(), []byte(sent)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
