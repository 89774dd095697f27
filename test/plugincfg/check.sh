#!/bin/sh
# Builds CoreDNS the way it documents for external plugins, from a line in plugin.cfg, in a copy of its source, with this
# checkout as the plugin; and checks that the result has k8s_gateway in place of kubernetes and k8s_external.
set -eu

plugin=github.com/k8s-gateway/k8s_gateway/v2
cd "$(dirname "$0")/../.."
checkout=$PWD
stock=$(go list -m -f '{{.Dir}}' github.com/coredns/coredns)

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
trap 'exit 1' INT TERM

echo "copying ${stock##*/}"
cp -R "$stock/." "$tree"
chmod -R u+w "$tree" # the module cache is read-only
cd "$tree"

echo "putting k8s_gateway into plugin.cfg"
sed -i.stock -e "s|^kubernetes:kubernetes\$|k8s_gateway:$plugin|" -e '/^k8s_external:/d' plugin.cfg
diff plugin.cfg.stock plugin.cfg || true
go generate coredns.go
go mod edit -require "$plugin@v2.0.0" -replace "$plugin=$checkout"
# Not go get: it reads every module that could ever be needed, and one of those is no longer served.
go mod tidy

echo "building"
go build -o coredns .
./coredns -version
./coredns -plugins > plugins
grep -x k8s_gateway plugins || { echo "k8s_gateway is not in the binary" >&2; exit 1; }
! grep -x -e kubernetes -e k8s_external plugins || { echo "k8s_gateway stands in their place" >&2; exit 1; }
