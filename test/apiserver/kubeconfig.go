package main

import (
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// The contexts of the kubeconfig. Both lead to this server: the second is
// there for what chooses a context by its name.
const (
	currentContext = "main"
	secondContext  = "second"
)

// writeKubeconfig writes the administrator's kubeconfig.
func writeKubeconfig(d *dataDir) error {
	config := api.NewConfig()
	config.Clusters["local"] = &api.Cluster{Server: d.server(), CertificateAuthorityData: d.creds.ca}
	config.AuthInfos["admin"] = &api.AuthInfo{Token: d.creds.token}
	for _, name := range []string{currentContext, secondContext} {
		config.Contexts[name] = &api.Context{Cluster: "local", AuthInfo: "admin"}
	}
	config.CurrentContext = currentContext
	return clientcmd.WriteToFile(*config, d.path(kubeconfigFile))
}

// clientConfig returns the same for clients in this process, without their
// usual limit on the rate of requests.
func clientConfig(d *dataDir) *rest.Config {
	return &rest.Config{
		Host:            d.server(),
		BearerToken:     d.creds.token,
		TLSClientConfig: rest.TLSClientConfig{CAData: d.creds.ca},
		QPS:             -1,
	}
}
