package docs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"k8s.io/client-go/tools/clientcmd"
)

var (
	serverBlock = regexp.MustCompile(`^([^\s#(].*) \{$`)
	ourStanza   = regexp.MustCompile(`^(\s+)k8s_gateway\b([^{#]*)(\{)?$`)
	kubeconfig  = regexp.MustCompile(`^\s+kubeconfig (\S+)(?: (\S+))?$`)
	listening   = regexp.MustCompile(`^(\s+)(health|ready|prometheus|status)\b`)
	// Nothing is sent to anybody else.
	forwarding = regexp.MustCompile(`^\s+(forward \S+|to) `)
	path       = regexp.MustCompile(`(/[\w.+-]+){2,}`)
)

// local is a Corefile as it stands on a page, made to run here: it listens on free ports of loopback, and its clusters
// and files are those of the test.
type local struct {
	t     *testing.T
	dir   string
	files map[string]string // blocks of the page that are files
	ports map[string]int    // by scheme
	roots *x509.CertPool    // with the certificates of the test
	text  strings.Builder
}

func localize(t *testing.T, corefile string, files map[string]string) *local {
	l := &local{t: t, dir: t.TempDir(), files: files, ports: map[string]int{}, roots: x509.NewCertPool()}
	lines := strings.Split(corefile, "\n")
	for i, line := range lines {
		switch {
		case serverBlock.MatchString(line):
			l.server(serverBlock.FindStringSubmatch(line)[1])
		case ourStanza.MatchString(line):
			l.stanza(line, lines[i+1:])
		case kubeconfig.MatchString(line):
			m := kubeconfig.FindStringSubmatch(line)
			l.line("kubeconfig", l.cluster(m[1], m[2]), m[2])
		case forwarding.MatchString(line):
			l.line(forwarding.FindStringSubmatch(line)[1], "127.0.0.1")
		case listening.MatchString(line):
			l.line(listening.FindStringSubmatch(line)[2], fmt.Sprintf("127.0.0.1:%d", freePort(t)))
		default:
			l.line(path.ReplaceAllStringFunc(line, func(p string) string { return l.path(line, p) }))
		}
	}
	return l
}

func (l *local) line(words ...string) { l.text.WriteString(strings.Join(words, " ") + "\n") }

// server writes the head of a server block.
func (l *local) server(keys string) {
	var list []string
	for _, key := range strings.Fields(strings.ReplaceAll(keys, ",", " ")) {
		scheme, zone, ok := strings.Cut(key, "://")
		if !ok {
			scheme, zone = "dns", key
		}
		zone, _, _ = strings.Cut(zone, ":")
		if l.ports[scheme] == 0 {
			l.ports[scheme] = freePort(l.t)
		}
		list = append(list, fmt.Sprintf("%s://%s:%d", scheme, zone, l.ports[scheme]))
	}
	l.line(strings.Join(list, " "), "{")
	l.line("bind 127.0.0.1")
}

// stanza writes the head of one of ours, with a kubeconfig if it has none.
func (l *local) stanza(line string, rest []string) {
	m := ourStanza.FindStringSubmatch(line)
	l.line("k8s_gateway", m[2], "{")
	if m[3] == "" {
		l.line("kubeconfig", cluster.Kubeconfig())
		l.line("}")
		return
	}
	for _, next := range rest {
		if kubeconfig.MatchString(next) {
			return
		}
		if strings.TrimSpace(next) == "}" {
			break
		}
	}
	l.line("kubeconfig", cluster.Kubeconfig())
}

// cluster returns a kubeconfig that has the context, for the cluster of that name if a page names one, else for the cluster of the
// test. A context that a page calls "second" is then one in which other objects could be; here they are the same.
func (l *local) cluster(name, context string) string {
	if context == "" {
		return cluster.Kubeconfig()
	}
	from := cluster
	if c := named[context]; c != nil {
		from = c
	}
	config, err := clientcmd.LoadFromFile(from.Kubeconfig())
	if err != nil {
		l.t.Fatal(err)
	}
	config.Contexts[context] = config.Contexts[config.CurrentContext]
	file := filepath.Join(l.dir, filepath.Base(name)+"-"+context)
	if err := clientcmd.WriteToFile(*config, file); err != nil {
		l.t.Fatal(err)
	}
	return file
}

// path returns where a file that the Corefile names is here. It is made if the line says what it has to be.
func (l *local) path(line, name string) string {
	if name == "/etc/resolv.conf" {
		return name
	}
	file := filepath.Join(l.dir, filepath.Base(name))
	words := strings.Fields(line)
	switch content, ok := l.files[name]; {
	case ok:
		l.write(file, content)
	case words[0] == "geoip":
		l.write(file, string(geoDatabase(l.t)))
	case words[0] == "tls":
		l.certificate(file, words[1] == name)
	case words[0] == "key" && words[1] == "file":
		l.signingKey(file, strings.Split(filepath.Base(name)[1:], "+")[0])
	}
	return file
}

func (l *local) write(file, content string) {
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		l.t.Fatal(err)
	}
}

var tlsKey = sync.OnceValues(func() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) })

// certificate writes a certificate, or its key.
func (l *local) certificate(file string, cert bool) {
	key, err := tlsKey()
	if err != nil {
		l.t.Fatal(err)
	}
	kind, der := "EC PRIVATE KEY", []byte(nil)
	if cert {
		template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"ns1.example.com"}, NotAfter: time.Now().Add(time.Hour)}
		kind = "CERTIFICATE"
		der, err = x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
		if made, err := x509.ParseCertificate(der); err == nil {
			l.roots.AddCert(made)
		}
	} else {
		der, err = x509.MarshalECPrivateKey(key)
	}
	if err != nil {
		l.t.Fatal(err)
	}
	l.write(file, string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})))
}

// signingKey writes a key for DNSSEC, as dnssec-keygen does.
func (l *local) signingKey(file, zone string) {
	key := &dns.DNSKEY{Hdr: dns.RR_Header{Name: dns.Fqdn(zone), Rrtype: dns.TypeDNSKEY, Class: dns.ClassINET, Ttl: 3600},
		Flags: 257, Protocol: 3, Algorithm: dns.ECDSAP256SHA256}
	private, err := key.Generate(256)
	if err != nil {
		l.t.Fatal(err)
	}
	base := strings.TrimSuffix(file, ".key")
	l.write(base+".key", key.String()+"\n")
	l.write(base+".private", key.PrivateKeyString(private))
}

// freePort returns a port that is free for both protocols.
func freePort(t *testing.T) int {
	t.Helper()
	for range 50 {
		tcp, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		udp, err := net.ListenPacket("udp", tcp.Addr().String())
		port := tcp.Addr().(*net.TCPAddr).Port
		_ = tcp.Close()
		if err == nil {
			_ = udp.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}
