#!/usr/bin/env bash
# newer_qgis.sh CHROOT MIRROR [PYTEST ARGS]: run the tests of tests/qgis that need no engine in Debian sid, whose QGIS is
# newer than ours, on a copy of this checkout; `./dev.sh newer` calls it. Needs root. Builds CHROOT when it is missing
# (some minutes, about 3 GB); later runs start in seconds. sid moves: a failure here is news, not a reason to block.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
chroot_dir=$1
mirror=$2
shift 2
packages=(qgis python3-qgis qgis-providers python3-gdal python3-numpy python3-pytest python3-hypothesis python3-venv git)
plugins=(pytest-qgis==5.0.2 pytest-qt==4.5.0 typing_extensions==4.16.0)

in_sid() {
  chroot "$chroot_dir" env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR=/tmp QGIS_PLUGINPATH=/srv/geoloop/.dev PYTHONPATH=/opt/pytest-plugins "$@"
}

trap 'umount "$chroot_dir/proc" 2>/dev/null || true' EXIT # before anybody removes the folder: no mounts left behind

if [ ! -e "$chroot_dir/.base" ]; then
  command -v debootstrap >/dev/null || apt-get install -yq debootstrap
  rm -rf --one-file-system "$chroot_dir"
  debootstrap --variant=minbase sid "$chroot_dir" "$mirror"
  printf '#!/bin/sh\nexit 101\n' >"$chroot_dir/usr/sbin/policy-rc.d" # nothing that is installed may start a service
  chmod +x "$chroot_dir/usr/sbin/policy-rc.d"
  touch "$chroot_dir/.base"
fi
mountpoint -q "$chroot_dir/proc" || mount -t proc proc "$chroot_dir/proc"
wanted="${packages[*]} ${plugins[*]}"
if [ "$(cat "$chroot_dir/.ready" 2>/dev/null)" != "$wanted" ]; then
  in_sid dpkg --configure -a # where an earlier try was cut off
  # No update of the lists: debootstrap left them, and sid's may be past the date until which they count as valid.
  in_sid apt-get install -yq --no-install-recommends "${packages[@]}"
  in_sid apt-get clean
  /usr/bin/python3 -m pip install -q --no-deps --target "$chroot_dir/opt/pytest-plugins" "${plugins[@]}"
  echo "$wanted" >"$chroot_dir/.ready"
fi

rm -rf --one-file-system "$chroot_dir/srv/geoloop"
mkdir -p "$chroot_dir/srv/geoloop"
(cd "$root" && git ls-files -z | xargs -0 cp -P --parents -t "$chroot_dir/srv/geoloop")
in_sid qgis_process --version 2>/dev/null | sed -n 1p
in_sid sh -c 'cd /srv/geoloop && exec python3 -m pytest -q -o qgis_gui_enabled=false "$@"' sh "${@:-tests/qgis}"
