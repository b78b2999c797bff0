#!/bin/sh
# Hands each secret to the process under its file's name, then becomes the command.
set -eu
for file in /run/secrets/*; do
  name=${file##*/}
  case "$name" in
    *[!A-Z0-9_]*) ;;  # a password of another service, or a file that is read as a file
    *) export "$name=$(cat "$file")" ;;
  esac
done
if [ -n "${CLAIMRAIL_FLOWER_AUTH:-}" ]; then export FLOWER_BASIC_AUTH="$CLAIMRAIL_FLOWER_AUTH"; fi
exec "$@"
