package chart

import (
	_ "github.com/k8s-gateway/k8s_gateway/internal/dig"
	_ "github.com/k8s-gateway/k8s_gateway/internal/testcluster"
	_ "helm.sh/helm/v3/pkg/action"
	_ "k8s.io/client-go/kubernetes"
)
