package chart

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// serversOfTheNewestPublicChart are its default server block, and its ways to DNS over TLS and over HTTPS.
const serversOfTheNewestPublicChart = `
servers:
- zones:
  - zone: .
    use_tcp: true
  port: 53
  plugins:
  - name: errors
  - name: health
    configBlock: |-
      lameduck 10s
  - name: ready
  - name: k8s_gateway
    parameters: example.com
    configBlock: |-
      apex dns.example.com
      ttl 30
      resources Service Ingress
      fallthrough in-addr.arpa ip6.arpa
  - name: forward
    parameters: . /etc/resolv.conf
  - name: cache
    parameters: 30
  - name: loop
  - name: reload
  - name: loadbalance
- zones:
  - zone: example.com.
    scheme: tls://
  port: %d
  servicePort: 853
  plugins:
  - name: errors
  - name: tls
    parameters: /etc/coredns/tls/tls.crt /etc/coredns/tls/tls.key
  - name: k8s_gateway
    parameters: example.com
    configBlock: |-
      apex dns
      resources Service Ingress
- zones:
  - scheme: https://
  port: %d
  servicePort: 443
  plugins:
  - name: tls
    parameters: /etc/coredns/tls/tls.crt /etc/coredns/tls/tls.key
  - name: k8s_gateway
    parameters: example.com
    configBlock: |-
      apex dns
      resources Service Ingress
extraVolumes: [{name: tls-certs, secret: {secretName: coredns-tls-secret}}]
extraVolumeMounts: [{name: tls-certs, mountPath: /etc/coredns/tls, readOnly: true}]
`

// overTLS are values of chart 3.7: one scheme for all that is served.
const overTLS = `
domain: example.com
scheme: "tls://"
extraZonePlugins:
- name: tls
  parameters: /etc/coredns/tls/tls.crt /etc/coredns/tls/tls.key
- name: errors
extraVolumes: [{name: tls-certs, secret: {secretName: coredns-tls-secret}}]
extraVolumeMounts: [{name: tls-certs, mountPath: /etc/coredns/tls, readOnly: true}]
`

// DNS, DNS over TLS and DNS over HTTPS answer, from the values of public charts.
func TestEncryptedServersAnswer(t *testing.T) {
	cluster := start(t)
	apply(t, cluster, exposed)
	apply(t, cluster, "apiVersion: v1\nkind: Namespace\nmetadata: {name: dns}\n")
	crt, key, client := certificate(t)
	install := func(values map[string]any, p ports) {
		r := renderValues(t, "dns", values)
		apply(t, cluster, r.Manifest)
		files := configuration(t, r)
		files["tls/tls.crt"], files["tls/tls.key"] = crt, key
		serve(t, files, kubeconfig(t, account(t, cluster, "dns", "k8s-gateway")), p)
	}

	t.Run("servers", func(t *testing.T) {
		p, more := freePorts(t), freePorts(t)
		values := parse(t, fmt.Sprintf(serversOfTheNewestPublicChart, more[0], more[1]))
		values["ports"] = parse(t, p.values())["ports"]
		install(values, p)
		await(t, p, "ingress.shop.example.com", dns.TypeA, "192.0.2.1")
		await(t, p, "example.com", dns.TypeNS, "dns.example.com.") // A1: a name in the zone is complete
		expectOverTLS(t, client, more[0])
		expectOverHTTPS(t, client, more[1])
	})
	t.Run("scheme", func(t *testing.T) {
		p := freePorts(t)
		values := parse(t, overTLS)
		values["ports"] = parse(t, p.values())["ports"]
		values["service"] = map[string]any{"port": p[0]}
		install(values, p)
		expectOverTLS(t, client, p[0])
	})
}

func question() *dns.Msg { return new(dns.Msg).SetQuestion("ingress.shop.example.com.", dns.TypeA) }

func expectOverTLS(t *testing.T, config *tls.Config, port int) {
	t.Helper()
	c := &dns.Client{Net: "tcp-tls", TLSConfig: config, Timeout: patience}
	got := ""
	until(t, "answered over TLS", func() bool {
		reply, _, err := c.ExchangeContext(t.Context(), question(), fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			got = dig.Short(reply)
		}
		return err == nil
	})
	if got != "192.0.2.1" {
		t.Errorf("over TLS: %s", got)
	}
}

func expectOverHTTPS(t *testing.T, config *tls.Config, port int) {
	t.Helper()
	wire, err := question().Pack()
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: config}}
	defer c.CloseIdleConnections()
	var body []byte
	until(t, "answered over HTTPS", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, fmt.Sprintf("https://127.0.0.1:%d/dns-query", port), bytes.NewReader(wire))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/dns-message")
		reply, err := c.Do(request)
		if err != nil {
			return false
		}
		defer reply.Body.Close()
		body, err = io.ReadAll(reply.Body)
		return err == nil && reply.StatusCode == http.StatusOK
	})
	reply := &dns.Msg{}
	if err := reply.Unpack(body); err != nil {
		t.Fatal(err)
	}
	if got := dig.Short(reply); got != "192.0.2.1" {
		t.Errorf("over HTTPS: %s", got)
	}
}

// certificate makes a certificate for loopback, and the configuration of a client that trusts it.
func certificate(t *testing.T) (crt, key string, client *tls.Config) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "dns.example.com"}, DNSNames: []string{"dns.example.com"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	crt = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	key = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(crt))
	return crt, key, &tls.Config{RootCAs: pool, ServerName: "dns.example.com", MinVersion: tls.VersionTLS12}
}
