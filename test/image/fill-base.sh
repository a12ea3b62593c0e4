#!/bin/sh
# Makes a folder into the root of what stands for node:<version>-bookworm-slim where no registry is in reach: Debian, Node
# and npm in the places of that image, and its user. `fill-base.sh ROOT NODE NPM`: Node's binary and npm's folder.
set -eu
umask 022
root=$1 node=$2 npm=$3

debootstrap --variant=minbase bookworm "$root"
install -m 755 "$node" "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules" "$root/usr/local/etc"
cp -r "$npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
chroot "$root" groupadd --gid 1000 node
chroot "$root" useradd --uid 1000 --gid node --create-home node

# The authorities that this machine trusts, which may be others than Node's own.
authorities=/etc/ssl/certs/ca-certificates.crt
if [ -f "$authorities" ]; then
  mkdir -p "$root/etc/ssl/certs"
  cp -L "$authorities" "$root$authorities"
  echo "cafile=$authorities" > "$root/usr/local/etc/npmrc"
fi
