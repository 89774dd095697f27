package kube

import "github.com/k8s-gateway/k8s_gateway/v2/internal/telemetry"

var log = telemetry.Log
