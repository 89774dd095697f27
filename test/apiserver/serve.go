package main

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/client-go/rest"
	basecompatibility "k8s.io/component-base/compatibility"
	logsapi "k8s.io/component-base/logs/api/v1"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"
)

// serve runs kube-apiserver until ctx ends.
func serve(ctx context.Context, d *dataDir) error {
	s := options.NewServerRunOptions()
	sets := s.Flags()
	flags := pflag.NewFlagSet("kube-apiserver", pflag.ContinueOnError)
	for _, set := range sets.FlagSets {
		flags.AddFlagSet(set)
	}
	if err := flags.Parse(serverFlags(d)); err != nil {
		return fmt.Errorf("kube-apiserver: %w", err)
	}

	// From here on as the command itself does it in app.NewAPIServerCommand,
	// which cannot be used because it owns the process's signals.
	registry := s.GenericServerRunOptions.ComponentGlobalsRegistry
	if err := registry.Set(); err != nil {
		return fmt.Errorf("kube-apiserver: %w", err)
	}
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
	if err := logsapi.ValidateAndApply(s.Logs, registry.FeatureGateFor(basecompatibility.DefaultKubeComponent)); err != nil {
		return fmt.Errorf("kube-apiserver: %w", err)
	}
	completed, err := s.Complete(ctx)
	if err != nil {
		return fmt.Errorf("kube-apiserver: %w", err)
	}
	if err := utilerrors.NewAggregate(completed.Validate()); err != nil {
		return fmt.Errorf("kube-apiserver: %w", err)
	}
	if err := app.Run(ctx, completed); err != nil {
		return fmt.Errorf("kube-apiserver: %w", err)
	}
	return nil
}

// serverFlags are the flags as the kube-apiserver command knows them.
func serverFlags(d *dataDir) []string {
	return []string{
		"--etcd-servers=" + etcdClients,
		"--bind-address=127.0.0.1",
		"--advertise-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", d.port),
		"--tls-cert-file=" + certFile,
		"--tls-private-key-file=" + keyFile,
		"--token-auth-file=" + tokensFile,
		"--client-ca-file=" + clientCAFile,
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + saKeyFile,
		"--service-account-signing-key-file=" + saKeyFile,
		"--service-cluster-ip-range=10.96.0.0/16,fd00:10:96::/112",
		// A loopback address cannot be an endpoint of the Service "kubernetes".
		"--endpoint-reconciler-type=none",
		// No controller makes the service accounts that this plugin asks for.
		"--disable-admission-plugins=ServiceAccount",
		// Fair queuing of requests costs start time and helps nobody here.
		"--enable-priority-and-fairness=false",
	}
}
