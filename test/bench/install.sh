#!/bin/sh
# Installs what make bench-server asks with, dnsperf, from Debian's packages, unless it is there.
set -eu

if command -v dnsperf >/dev/null; then exit 0; fi

fail() {
	echo "error: $1: install dnsperf, which make bench-server needs" >&2
	exit 1
}
command -v apt-get >/dev/null || fail "these are not Debian's packages"
test "$(id -u)" = 0 || fail "not root"

echo "Installing dnsperf."
export DEBIAN_FRONTEND=noninteractive
said=$(apt-get update 2>&1 && apt-get install -y --no-install-recommends dnsperf 2>&1) || {
	echo "$said" >&2
	fail "apt-get failed"
}
