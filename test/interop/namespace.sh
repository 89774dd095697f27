#!/bin/sh
# Runs a command in a network namespace of its own, which has loopback only: nothing that the command does can reach
# another machine. The addresses are those of the nameservers that the judges ask on port 53.
#
#     namespace.sh COMMAND [ARGUMENT...]
set -eu

if test -z "${IN_NAMESPACE:-}"; then
	IN_NAMESPACE=1 exec unshare --net "$0" "$@"
fi
ip link set lo up
for address in 192.0.2.53/32 198.51.100.53/32; do
	ip address add "$address" dev lo
done
for address in 2001:db8::53/128 2001:db8:1::53/128; do
	ip address add "$address" dev lo nodad
done
unset IN_NAMESPACE
exec "$@"
