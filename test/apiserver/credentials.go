package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"strings"
	"time"
)

// The credentials in a data directory.
const (
	caFile          = "ca.crt"
	certFile        = "tls.crt"
	keyFile         = "tls.key"
	clientCAFile    = "client-ca.crt"
	clientCAKeyFile = "client-ca.key"
	saKeyFile       = "service-account.key"
	tokenFile       = "token"
	tokensFile      = "tokens.csv"
	certYears       = 10
	certSubject     = "k8s-gateway-test"
)

// credentials are what a client needs to know the server and to be known to it.
type credentials struct {
	ca    []byte // PEM
	token string // of a member of system:masters
}

// loadCredentials reads the credentials of the working directory. The token is
// written last, so a directory without one has incomplete credentials and gets
// new ones.
func loadCredentials() (*credentials, error) {
	if _, err := os.Stat(tokenFile); errors.Is(err, fs.ErrNotExist) {
		if err := makeCredentials(); err != nil {
			return nil, fmt.Errorf("making credentials: %w", err)
		}
	}
	ca, err := os.ReadFile(caFile)
	if err != nil {
		return nil, err
	}
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		return nil, err
	}
	return &credentials{ca: ca, token: strings.TrimSpace(string(token))}, nil
}

// makeCredentials writes a CA, a serving certificate signed by it, a CA for
// clients with its key, a key for service account tokens and a token for the
// administrator.
func makeCredentials() error {
	ca, caKey, err := makeCA(caFile, 1)
	if err != nil {
		return err
	}

	key, err := newKey()
	if err != nil {
		return err
	}
	leaf := template(2)
	leaf.KeyUsage = x509.KeyUsageDigitalSignature
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	leaf.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	leaf.DNSNames = []string{"localhost", "kubernetes.default.svc"}
	if err := writeCert(certFile, leaf, ca, key, caKey); err != nil {
		return err
	}
	if err := writeKey(keyFile, key); err != nil {
		return err
	}

	// Whoever needs a client certificate signs it.
	_, clientCAKey, err := makeCA(clientCAFile, 3)
	if err != nil {
		return err
	}
	if err := writeKey(clientCAKeyFile, clientCAKey); err != nil {
		return err
	}

	saKey, err := newKey()
	if err != nil {
		return err
	}
	if err := writeKey(saKeyFile, saKey); err != nil {
		return err
	}

	token := rand.Text()
	if err := os.WriteFile(tokensFile, []byte(token+",admin,admin,system:masters\n"), 0o600); err != nil {
		return err
	}
	return os.WriteFile(tokenFile, []byte(token+"\n"), 0o600)
}

// makeCA writes the certificate of a CA and returns it with its key.
func makeCA(file string, serial int64) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := newKey()
	if err != nil {
		return nil, nil, err
	}
	ca := template(serial)
	ca.IsCA = true
	ca.KeyUsage = x509.KeyUsageCertSign
	return ca, key, writeCert(file, ca, ca, key, key)
}

func newKey() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

func template(serial int64) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber:          big.NewInt(serial),
		Subject:               pkix.Name{CommonName: fmt.Sprintf("%s-%d", certSubject, serial)},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().AddDate(certYears, 0, 0),
		BasicConstraintsValid: true,
	}
}

func writeCert(file string, cert, parent *x509.Certificate, key, signer *ecdsa.PrivateKey) error {
	der, err := x509.CreateCertificate(rand.Reader, cert, parent, key.Public(), signer)
	if err != nil {
		return err
	}
	return writePEM(file, "CERTIFICATE", der)
}

func writeKey(file string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return writePEM(file, "EC PRIVATE KEY", der)
}

func writePEM(file, kind string, der []byte) error {
	return os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
