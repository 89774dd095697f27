#!/bin/sh
# Installs what make interop runs from Debian's packages, unless it is there: BIND, unbound, Zonemaster and DNSViz. Their
# services are not started.
set -eu

export PATH="$PATH:/usr/sbin:/sbin"
missing=
for want in named:bind9 named-checkzone:bind9-utils unbound:unbound zonemaster-cli:zonemaster-cli dnsviz:dnsviz ip:iproute2; do
	command -v "${want%%:*}" >/dev/null || missing="$missing ${want#*:}"
done
test -n "$missing" || exit 0

fail() {
	echo "error: $1: install$missing, which make interop needs" >&2
	exit 1
}
command -v apt-get >/dev/null || fail "these are not Debian's packages"
test "$(id -u)" = 0 || fail "not root"

policy=/usr/sbin/policy-rc.d
if ! test -e "$policy"; then
	trap 'rm -f "$policy"' EXIT
	trap 'exit 1' HUP INT TERM
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod +x "$policy"
fi
echo "Installing$missing."
export DEBIAN_FRONTEND=noninteractive
said=$(apt-get update 2>&1 && apt-get install -y --no-install-recommends $missing 2>&1) || {
	echo "$said" >&2
	fail "apt-get failed"
}
