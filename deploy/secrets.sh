#!/bin/sh
# Makes the secrets that docker-compose.yml names, one file each, in var/secrets (or the folder given). What exists
# stays as it is: these keys open the data that were sealed with them. The folder is closed to others; the files are
# readable inside it, because a container's user has another number than yours.
set -eu
umask 077
folder=${1:-var/secrets}
mkdir -p "$folder"
cd "$folder"
umask 022

random() { head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
keep() { [ -s "$1" ] || printf %s "$2" > "$1"; }

for name in postgres_password claimrail_owner_password claimrail_app_password redis_password \
            CLAIMRAIL_HOOK_TOKEN OFFICEALLY_FTP_PASSWORD CLAIMRAIL_BANK_PASSWORD sandbox_provider_password; do
  keep "$name" "$(random 24)"
done
keep CLAIMRAIL_KEYS "k1:$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
keep CLAIMRAIL_FLOWER_AUTH "operator:$(random 16)"
keep DATABASE_URL "postgresql+psycopg://claimrail_app:$(cat claimrail_app_password)@postgres:5432/claimrail"
keep DATABASE_OWNER_URL "postgresql+psycopg://claimrail_owner:$(cat claimrail_owner_password)@postgres:5432/claimrail"
keep REDIS_URL "redis://:$(cat redis_password)@redis:6379/0"
keep sandbox.json "{\"root\": \"/data\", \"host\": \"0.0.0.0\", \"port\": 2222, \"users\": {\"oa\": \"$(cat OFFICEALLY_FTP_PASSWORD)\", \"bank\": \"$(cat CLAIMRAIL_BANK_PASSWORD)\", \"provider\": \"$(cat sandbox_provider_password)\"}}"
