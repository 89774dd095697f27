# syntax=docker/dockerfile:1

# The compiler runs on the builder's own architecture, whatever the image is for: nothing is emulated.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
ARG TARGETOS TARGETARCH TARGETVARIANT VERSION=dev COMMIT=
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    GOOS=$TARGETOS GOARCH=$TARGETARCH GOARM=${TARGETVARIANT#v} make build VERSION="$VERSION" COMMIT="$COMMIT"

FROM scratch
ARG VERSION=dev COMMIT=
LABEL org.opencontainers.image.title="k8s_gateway" \
      org.opencontainers.image.description="CoreDNS with k8s_gateway: DNS names for what Kubernetes clusters expose" \
      org.opencontainers.image.source="https://github.com/k8s-gateway/k8s_gateway" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT"
# For DNS over TLS and HTTPS to upstream servers, and for API servers with a public certificate.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/coredns /coredns
# A number, so that Kubernetes can see that it is not root. Ports below 1024 need a sysctl or a capability.
USER 65532:65532
EXPOSE 1053/udp 1053/tcp
ENTRYPOINT ["/coredns"]
