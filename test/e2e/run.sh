#!/bin/sh
# Installs the chart with the image that make image has built in a new kind cluster, and asks it for an Ingress.
# Needs docker, kubectl, helm and dig.
set -eu

built=$1
# The name that the chart has, with a tag that says nothing of a version.
image=ghcr.io/k8s-gateway/k8s_gateway:e2e
kind="go run sigs.k8s.io/kind@${KIND_VERSION:-v0.33.0}"
cluster=k8s-gateway-e2e
cd "$(dirname "$0")/../.."
for tool in docker kubectl helm dig; do
	command -v "$tool" > /dev/null || { echo "error: $tool is needed" >&2; exit 1; }
done

config=$(mktemp)
export KUBECONFIG="$config"
forward=
finish() {
	test -z "$forward" || kill "$forward" || true
	$kind delete cluster --name "$cluster"
	rm -f "$config"
}
trap finish EXIT
trap 'exit 1' INT TERM
$kind create cluster --name "$cluster" --wait 2m
docker tag "$built" "$image"
$kind load docker-image --name "$cluster" "$image"
helm install dns charts/k8s-gateway --set domain=example.com --set service.type=ClusterIP --set image.tag=e2e --wait --timeout 2m

kubectl apply --server-side -f examples/ingress.yaml
# The status is the ingress controller's; here is none.
kubectl patch ingress shop --subresource=status --type=merge -p '{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.10"}]}}}'
# kubectl forwards TCP only.
kubectl port-forward service/dns-k8s-gateway 5053:53 &
forward=$!

answer=
for _ in $(seq 30); do
	answer=$(dig +short +tcp +time=1 +tries=1 @127.0.0.1 -p 5053 shop.example.com || true)
	test "$answer" != 192.0.2.10 || { echo "shop.example.com is $answer"; exit 0; }
	sleep 1
done
echo "error: shop.example.com is not 192.0.2.10 but: $answer" >&2
kubectl get pods,services -A
kubectl logs deployment/dns-k8s-gateway --tail=50
exit 1
