package testcluster

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"path/filepath"
	"time"
)

// The CA of client certificates, as test/apiserver names its files.
const (
	clientCAFile    = "client-ca.crt"
	clientCAKeyFile = "client-ca.key"
)

// ClientCertificate returns a client certificate for a user in some groups and
// its key, both as PEM. The API server takes it for as long as it lives.
func (c *Cluster) ClientCertificate(lifetime time.Duration, user string, groups ...string) (cert, key []byte, err error) {
	ca, err := tls.LoadX509KeyPair(filepath.Join(c.dir, clientCAFile), filepath.Join(c.dir, clientCAKeyFile))
	if err != nil {
		return nil, nil, fmt.Errorf("the CA of client certificates: %w", err)
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	now := time.Now()
	certDER, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: user, Organization: groups},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(lifetime),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, ca.Leaf, private.Public(), ca.PrivateKey)
	if err != nil {
		return nil, nil, err
	}
	keyDER, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		return nil, nil, err
	}
	return encodePEM("CERTIFICATE", certDER), encodePEM("EC PRIVATE KEY", keyDER), nil
}

func encodePEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
