package test

import (
	"os"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd/api"
)

// credential is something in a kubeconfig, or in a file that it names, which an
// API server and its client have to agree on.
type credential struct {
	kubeconfig string
	secrets    []string // all that may not be in a log
	spoil      func()   // has them disagree
	renew      func()   // and agree again, by what is on disk
}

// credentials are the credentials that there are, by what is written where. A new
// one may be bad from the beginning.
var credentials = map[string]func(c *corner, bad bool) *credential{
	"token":                    func(c *corner, bad bool) *credential { return newToken(c, bad, false) },
	"token file":               func(c *corner, bad bool) *credential { return newToken(c, bad, true) },
	"CA":                       func(c *corner, bad bool) *credential { return newCA(c, bad, false) },
	"CA file":                  func(c *corner, bad bool) *credential { return newCA(c, bad, true) },
	"client certificate":       func(c *corner, bad bool) *credential { return newClientCertificate(c, bad, false) },
	"client certificate files": func(c *corner, bad bool) *credential { return newClientCertificate(c, bad, true) },
}

// newToken returns a token of the ServiceAccount dns.
func newToken(c *corner, bad, inFile bool) *credential {
	t := c.t
	c.allow("$NAMESPACE", namespaced)
	p := newProxy(t, cluster)
	server, dir := &api.Cluster{Server: p.URL, CertificateAuthorityData: p.ca()}, t.TempDir()
	present, next := c.token(), c.token()
	user := &api.AuthInfo{Token: present}
	if inFile {
		user = &api.AuthInfo{TokenFile: dir + "/token"}
		writeFile(t, user.TokenFile, present)
	}
	kubeconfig := writeKubeconfig(t, server, user)
	spoil := func() {
		p.trouble(bearing(present), unauthorized)
		p.cutWatches()
	}
	if bad {
		spoil()
	}
	return &credential{kubeconfig, []string{present, next}, spoil, func() {
		if inFile {
			writeFile(t, user.TokenFile, next)
			return
		}
		user.Token = next
		rewriteKubeconfig(t, kubeconfig, server, user)
	}}
}

// newCA returns the CA of a server that takes another certificate.
func newCA(c *corner, bad, inFile bool) *credential {
	t := c.t
	p := newProxy(t, cluster)
	token := cluster.Config().BearerToken
	server := &api.Cluster{Server: p.URL, CertificateAuthorityData: p.ca()}
	if inFile {
		server = &api.Cluster{Server: p.URL, CertificateAuthority: t.TempDir() + "/ca.crt"}
		writeFile(t, server.CertificateAuthority, string(p.ca()))
	}
	user := &api.AuthInfo{Token: token}
	kubeconfig := writeKubeconfig(t, server, user)
	spoil := func() {
		p.present(newCertificate(t))
		p.cut()
		p.mend()
	}
	if bad {
		spoil()
	}
	return &credential{kubeconfig, []string{token}, spoil, func() {
		if inFile {
			writeFile(t, server.CertificateAuthority, string(p.ca()))
			return
		}
		server.CertificateAuthorityData = p.ca()
		rewriteKubeconfig(t, kubeconfig, server, user)
	}}
}

// newClientCertificate returns a client certificate that is over after a while, or
// already is.
func newClientCertificate(c *corner, bad, inFiles bool) *credential {
	t := c.t
	admin, tunnel := cluster.Config(), newTunnel(t, cluster)
	server := &api.Cluster{Server: tunnel.url, CertificateAuthorityData: admin.CAData}
	user := &api.AuthInfo{}
	if inFiles {
		dir := t.TempDir()
		user = &api.AuthInfo{ClientCertificate: dir + "/tls.crt", ClientKey: dir + "/tls.key"}
	}
	var kubeconfig string
	write := func(lifetime time.Duration) {
		cert, key, err := cluster.ClientCertificate(lifetime, "dns", "system:masters")
		if err != nil {
			t.Fatal(err)
		}
		if inFiles {
			writeFile(t, user.ClientCertificate, string(cert))
			writeFile(t, user.ClientKey, string(key))
		} else {
			user.ClientCertificateData, user.ClientKeyData = cert, key
		}
		if kubeconfig == "" {
			kubeconfig = writeKubeconfig(t, server, user)
		} else if !inFiles {
			rewriteKubeconfig(t, kubeconfig, server, user)
		}
	}
	lifetime := 10 * time.Second
	if bad {
		lifetime = -time.Minute
	}
	write(lifetime)
	over := time.Now().Add(lifetime)
	return &credential{kubeconfig, []string{"PRIVATE KEY"}, func() {
		until(t, lifetime+awaitTimeout, "over", func() bool { return time.Now().After(over) })
		tunnel.to(cut)
		tunnel.to(whole)
	}, func() { write(time.Hour) }}
}

func writeFile(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
