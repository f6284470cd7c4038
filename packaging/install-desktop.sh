#!/bin/sh
# Lets the file manager open checkpoints with ckpt-viewer, for this user (or below the folder given).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${1:-${XDG_DATA_HOME:-$HOME/.local/share}}
install -Dm644 "$here/ckpt-viewer.desktop" "$data/applications/ckpt-viewer.desktop"
install -Dm644 "$here/ckpt-viewer.xml" "$data/mime/packages/ckpt-viewer.xml"
install -Dm644 "$here/../resources/icons/ckpt-viewer.svg" "$data/icons/hicolor/scalable/apps/ckpt-viewer.svg"
update-mime-database "$data/mime"
update-desktop-database "$data/applications"
echo "Installed below $data. Choose ckpt-viewer once under \"Open with\" for folders, if you like."
