VERSION     ?= $(or $(patsubst v%,%,$(shell git --no-optional-locks describe --tags --dirty 2>/dev/null)),dev)
COMMIT      ?= $(shell git --no-optional-locks describe --always --dirty 2>/dev/null)
STATICCHECK ?= honnef.co/go/tools/cmd/staticcheck@v0.8.2
BENCHSTAT   ?= golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da
BENCHED      = $(shell grep -rl --include='*_test.go' '^func Benchmark' . | xargs -n 1 dirname | sort -u)
BENCH       ?= .
BENCHTIME   ?= 200ms
COUNT       ?= 6
ROWS        ?= .
OBJECTS     ?= .
TIMEOUT     ?= 20m
SOAK        ?= 10m
SEED        ?= 0
PORT        ?= 1053
CLUSTERS    ?= 1
FUZZTIME    ?= 30s
BUDGETS     := ^Test(.*Alloc.*|Heap|UnionMemory|NameSharedByMany|ManyBadValuesAreCheap)$$
BUDGETED     = $(shell grep -rl --include='*_test.go' 'measure\.RaceDetector' . | xargs -n 1 dirname | sort -u)
ACTIONLINT  ?= github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
GOVULNCHECK ?= golang.org/x/vuln/cmd/govulncheck@v1.9.0
GORELEASER  ?= github.com/goreleaser/goreleaser/v2@v2.15.1
COSIGN      ?= github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3
SYFT        ?= github.com/anchore/syft/cmd/syft@v1.57.0
IMAGE       ?= ghcr.io/k8s-gateway/k8s_gateway
PLATFORMS   ?= linux/amd64,linux/arm64
KINDS       ?= Ingress Service HTTPRoute TLSRoute GRPCRoute DNSEndpoint Node

# How the binary is compiled. Lint and the demo use the same flags, so that they find CoreDNS in the build cache.
FLAGS   := -trimpath -tags=grpcnotrace
LDFLAGS := -s -w -X main.version=$(VERSION) -X github.com/coredns/coredns/coremain.GitCommit=$(COMMIT)
STATIC  := CGO_ENABLED=0

# LDFLAGS has the commit. Go's own VCS stamp would fail the build if git does not trust the owner of the checkout.
export GOFLAGS := -buildvcs=false $(GOFLAGS)

.PHONY: help build demo test soak hostile interop browser monitoring chart run bench bench-server lint lint-ci plugin-cfg docs fuzz vulncheck image push e2e \
	snapshot release release-tools clean needs-go needs-cluster

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

build: needs-go ## build ./coredns, a static binary
	@echo "Building ./coredns: a few minutes the first time, seconds after that."
	$(STATIC) go build -v $(FLAGS) -ldflags "$(LDFLAGS)" -o coredns ./cmd/coredns

# The demo does not use go run: if go run is terminated, the program that it started continues.
demo: build ## start an API server, apply examples/, and serve them on 127.0.0.1:1053; CLUSTERS=2: failover between two sites
	@$(STATIC) go build $(FLAGS) -o .build/ ./cmd/demo
	@.build/demo -coredns ./coredns -clusters '$(CLUSTERS)'

test: needs-go ## run the unit tests and the integration tests
	@echo "Running the unit and integration tests, against a real API server and with the race detector;"
	@echo "then the budgets of allocations and heap, without the race detector, which would distort them."
	@$(STATIC) go run $(FLAGS) ./cmd/demo -build-only
	@CGO_ENABLED=1 go run ./test/run -race -timeout $(TIMEOUT) ./... -- -run '$(BUDGETS)' -count 1 $(BUDGETED)

soak: needs-go ## change thousands of objects at random, and compare every answer with a model: make soak [SOAK=10m] [SEED=0]
	@$(STATIC) go run $(FLAGS) ./cmd/demo -build-only
	@CGO_ENABLED=1 go test -C test/soak -race -run '^TestSoak$$' -count 1 -timeout 0 -soak $(SOAK) -seed $(SEED)

hostile: build ## apply the worst objects that an API server accepts, and measure their cost to other tenants: make hostile [OBJECTS=.]
	@go build $(FLAGS) -o .build/hostile ./test/hostile
	@.build/hostile -coredns ./coredns -only '$(OBJECTS)'

interop: needs-go ## test with BIND, unbound, Zonemaster and DNSViz; installs missing ones from Debian's packages
	@test/interop/install.sh
	@$(STATIC) go run $(FLAGS) ./cmd/demo -build-only
	@CGO_ENABLED=1 go test -c -race -tags interop -o .build/interop.test ./test
	@echo "Running BIND, unbound, Zonemaster and DNSViz beside CoreDNS, against a real API server, in a network namespace."
	@cd test && interop/namespace.sh ../.build/interop.test -test.run '^TestInterop' -test.timeout $(TIMEOUT)

browser: build ## test the status page in Chromium; installs it from Debian's packages if it is missing
	@test/browser/install.sh
	@$(STATIC) go run $(FLAGS) ./cmd/demo -build-only
	@echo "Testing the status page in Chromium. Screenshots are written to .build/screenshots."
	@CGO_ENABLED=1 go test -C test/browser -race -tags browser -count 1 -timeout $(TIMEOUT) ./...

monitoring: needs-go ## test the alert rules and the dashboard with the code of Prometheus and Grafana
	@echo "Compiling Prometheus's rules and query engine: some minutes the first time, seconds after that."
	@CGO_ENABLED=0 go test -C test/monitoring -count 1 -timeout $(TIMEOUT) ./...

chart: build ## lint the Helm chart, test its templates, and install it on a real API server with CoreDNS
	@echo "Compiling Helm: some minutes the first time, seconds after that."
	@$(STATIC) go run $(FLAGS) ./cmd/demo -build-only
	@$(STATIC) go -C test/chart tool helm lint --strict --set domain=example.com ../../charts/k8s-gateway
	@$(STATIC) go -C test/chart tool helm-unittest --strict ../../charts/k8s-gateway
	@CGO_ENABLED=1 go test -C test/chart -race -count 1 -timeout $(TIMEOUT) ./...

run: needs-cluster build ## serve your own cluster on 127.0.0.1: make run KUBECONFIG=FILE ZONE=NAME [PORT=1053]
	@mkdir -p .build
	@printf '%s {\n bind 127.0.0.1\n errors\n log\n k8s_gateway {\n  resources %s\n  kubeconfig "%s"\n  status :8053\n }\n}\n' \
		"$(ZONE:%=%:$(PORT))" "$(KINDS)" "$(KUBECONFIG)" > .build/Corefile
	@echo "Serving $(ZONE) until interrupted; try: dig @127.0.0.1 -p $(PORT) NAME.$(firstword $(ZONE)), or http://127.0.0.1:8053/"
	@./coredns -conf .build/Corefile

# Each round runs all benchmarks once, so that hosts and this plugin are measured by turns. The -count of go test would not do that.
bench: needs-go ## run the Go benchmarks, and compare with the plugins hosts and file: make bench [BENCH=.] [BENCHTIME=200ms] [COUNT=6]
	@mkdir -p .build/bench && rm -f .build/bench/*.test .build/bench/go.txt
	@go test -c -o .build/bench/ $(BENCHED)
	@for round in $$(seq $(COUNT)); do \
		echo "Round $$round of $(COUNT)."; \
		for test in .build/bench/*.test; do \
			$$test -test.run '^$$' -test.bench '$(BENCH)' -test.benchmem -test.benchtime $(BENCHTIME) >> .build/bench/go.txt || exit 1; \
		done; \
	done
	@go run $(BENCHSTAT) -filter '/server:(hosts OR file OR k8s_gateway)' -col /server .build/bench/go.txt
	@go run $(BENCHSTAT) -filter '-/server:(hosts OR file OR k8s_gateway)' .build/bench/go.txt
	@go run ./test/bench/ratios < .build/bench/go.txt

bench-server: build ## measure CoreDNS on the wire, with 50,000 Ingresses on a real API server: make bench-server [ROWS=.]
	@test/bench/install.sh
	@go build $(FLAGS) -o .build/bench-server ./test/bench/server
	@.build/bench-server -coredns ./coredns -rows '$(ROWS)'

lint: needs-go ## run gofmt, go vet and staticcheck
	@unformatted=$$(gofmt -l .) && test -z "$$unformatted" || { echo "gofmt would change: $$unformatted" >&2; exit 1; }
	$(STATIC) go vet $(FLAGS) -tags=grpcnotrace,interop ./...
	$(STATIC) GOFLAGS="$(GOFLAGS) $(FLAGS)" go run $(STATICCHECK) -tags=grpcnotrace,interop ./...

plugin-cfg: needs-go ## build CoreDNS the other way: with a line in CoreDNS's plugin.cfg
	@GOFLAGS="$(GOFLAGS) $(FLAGS)" $(STATIC) test/plugincfg/check.sh

docs: needs-go ## test the documentation: apply its manifests, start its Corefiles, send its questions
	@$(STATIC) go run $(FLAGS) ./cmd/demo -build-only
	@CGO_ENABLED=1 go test -race -count 1 -timeout $(TIMEOUT) ./test/docs

fuzz: needs-go ## fuzz all code that reads objects, replies and requests: make fuzz [FUZZTIME=30s]
	@grep -ro '^func Fuzz[A-Za-z]*' --include='*_test.go' . | sed 's|/[^/]*:func | |' | sort | while read -r dir name; do \
		echo "$$dir $$name"; \
		go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$dir" || exit 1; \
	done

vulncheck: needs-go ## look for known vulnerabilities in the code that the binary calls
	$(STATIC) go run $(GOVULNCHECK) -tags=grpcnotrace ./cmd/coredns

lint-ci: needs-go ## check the CI workflows and the release configuration
	go run $(ACTIONLINT)
	go run $(GORELEASER) check

image: ## build the container image for this machine, with docker: make image [IMAGE=NAME]
	docker buildx build --load --build-arg VERSION=$(VERSION) --build-arg COMMIT=$(COMMIT) -t $(IMAGE):$(VERSION) .

# It needs its own builder, because docker's default builder cannot build an image for several architectures.
push: ## build the image for PLATFORMS, push it with its SBOM, and sign it
	@mkdir -p .build
	docker buildx create --name k8s-gateway --driver docker-container 2>/dev/null || true
	docker buildx build --builder k8s-gateway --platform $(PLATFORMS) --sbom=true --provenance=mode=max --push \
		--build-arg VERSION=$(VERSION) --build-arg COMMIT=$(COMMIT) --metadata-file .build/image.json -t $(IMAGE):$(VERSION) .
	go run $(COSIGN) sign --yes $(IMAGE)@$$(sed -n 's/.*"containerimage.digest": "\(.*\)".*/\1/p' .build/image.json)

e2e: image ## install the chart and the image in a kind cluster, and send it questions
	test/e2e/run.sh $(IMAGE):$(VERSION)

snapshot: release-tools ## build the files of a release into .build/dist, without publishing them
	PATH="$(CURDIR)/.build/bin:$$PATH" go run $(GORELEASER) release --snapshot --clean --skip=sign

release: release-tools ## build, sign and publish a release of the tag that is checked out
	PATH="$(CURDIR)/.build/bin:$$PATH" go run $(GORELEASER) release --clean

release-tools: needs-go
	GOBIN="$(CURDIR)/.build/bin" go install $(SYFT)
	GOBIN="$(CURDIR)/.build/bin" go install $(COSIGN)

clean: ## remove all build products
	rm -rf coredns .build

# These checks print one clear line. The messages of Go itself are long, or missing.
needs-go: want = $(shell sed -n 's/^go //p' go.mod)
needs-go:
	@have=$$(go env GOVERSION 2>/dev/null | sed 's/^devel //; s/^go//; s/[ -].*//'); \
	test "$$(printf '%s\n' $(want) "$$have" | sort -V | head -n 1)" = $(want) || \
		{ echo "error: Go $(want) or newer is needed; installed is: $$(cd / && go version 2>&1)" >&2; exit 1; }
	@said=$$(go mod download github.com/coredns/coredns 2>&1) || \
		{ echo "error: cannot download Go modules; check the network: $$said" >&2; exit 1; }

needs-cluster:
	@test -n "$(KUBECONFIG)" && test -n "$(ZONE)" || \
		{ echo "error: KUBECONFIG and ZONE are needed: make run KUBECONFIG=$$HOME/.kube/config ZONE=example.com" >&2; exit 1; }
	@test -r "$(KUBECONFIG)" || { echo "error: cannot read KUBECONFIG=$(KUBECONFIG)" >&2; exit 1; }
