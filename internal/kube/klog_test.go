package kube

import (
	"bytes"
	"errors"
	golog "log"
	"os"
	"strings"
	"testing"

	"k8s.io/klog/v2"
)

// What client-go logs is in CoreDNS's log, each message once a minute at most, and nothing of it breaks a line.
func TestClientLog(t *testing.T) {
	var out bytes.Buffer
	golog.SetOutput(&out)
	defer golog.SetOutput(os.Stderr)
	logger := klog.Background().WithValues("reflector", "a\nb")
	for range 3 {
		logger.Error(errors.New("bad\nline"), "Unhandled Error", "type", "*v1.Ingress")
		logger.Info("Watch ended")
		logger.V(2).Info("Chatter")
	}
	got := strings.Split(strings.TrimSpace(out.String()), "\n")
	want := []string{
		`[WARNING] plugin/k8s_gateway: client-go: Unhandled Error: "bad\nline" reflector="a\nb" type="*v1.Ingress"`,
		`[INFO] plugin/k8s_gateway: client-go: Watch ended reflector="a\nb"`,
	}
	if len(got) != len(want) {
		t.Fatalf("logged:\n%s", &out)
	}
	for i := range want {
		if !strings.HasSuffix(got[i], want[i]) {
			t.Errorf("logged %s, want %s", got[i], want[i])
		}
	}
}
