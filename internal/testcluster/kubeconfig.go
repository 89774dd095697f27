package testcluster

import (
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// WriteKubeconfig writes a kubeconfig with one context, for a user of a server. User may be nil.
func WriteKubeconfig(file string, server *api.Cluster, user *api.AuthInfo) error {
	config := api.NewConfig()
	config.CurrentContext = "test"
	config.Clusters["test"] = server
	context := &api.Context{Cluster: "test"}
	config.Contexts["test"] = context
	if user != nil {
		config.AuthInfos["test"] = user
		context.AuthInfo = "test"
	}
	return clientcmd.WriteToFile(*config, file)
}
