#!/bin/sh
# Run once by the postgres image on an empty volume: two ordinary roles and the database, as the embedded server has them.
set -eu
psql -v ON_ERROR_STOP=1 -v owner_password="$(cat /run/secrets/claimrail_owner_password)" \
     -v app_password="$(cat /run/secrets/claimrail_app_password)" -U "$POSTGRES_USER" -d postgres <<'SQL'
CREATE ROLE claimrail_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE claimrail_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
CREATE DATABASE claimrail OWNER claimrail_owner;
SQL
