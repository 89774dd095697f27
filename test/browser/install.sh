#!/bin/sh
# Installs what make browser runs, Chromium, from Debian's packages, unless it is there.
set -eu

for name in chromium chromium-browser google-chrome; do
	if command -v "$name" >/dev/null; then exit 0; fi
done

fail() {
	echo "error: $1: install chromium, which make browser needs" >&2
	exit 1
}
command -v apt-get >/dev/null || fail "these are not Debian's packages"
test "$(id -u)" = 0 || fail "not root"

echo "Installing chromium."
export DEBIAN_FRONTEND=noninteractive
said=$(apt-get update 2>&1 && apt-get install -y --no-install-recommends chromium 2>&1) || {
	echo "$said" >&2
	fail "apt-get failed"
}
