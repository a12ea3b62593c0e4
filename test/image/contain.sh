#!/bin/sh
# Runs a program from an image's root as Cloud Run would: `contain.sh ROOT USER FOLDER PROGRAM ...`, in namespaces of its
# own. The root is read-only, `/tmp` alone can be written, the user has no right to anything, the program is process 1.
set -eu
root=$1 user=$2 folder=$3
shift 3

mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o nosuid,nodev,size=64m tmpfs "$root/tmp"
mount -t tmpfs -o nosuid,mode=755 tmpfs "$root/dev"
for device in null zero full random urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount -o remount,bind,ro "$root/dev"
mount -o remount,bind,ro "$root"

# The job gets only the named variables of this machine's environment.
exec setpriv --no-new-privs chroot --userspec="$user" --groups= "$root" \
  env --chdir="$folder" --unset=HOME --unset=TMPDIR --unset=NODE_COMPILE_CACHE "$@"
