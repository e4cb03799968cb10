#!/bin/bash
# Runs once, when the cluster is new: a database for each service, and a role that owns it and can enter no other.
set -euo pipefail

make_database() {
  local name=$1 password=$2
  psql --set=ON_ERROR_STOP=1 --set=name="$name" --set=password="$password" --username "$POSTGRES_USER" postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
SQL
}

make_database registration "$REGISTRATION_PASSWORD"
make_database batch_tracking "$BATCH_TRACKING_PASSWORD"
make_database labeling "$LABELING_PASSWORD"
make_database resolver "$RESOLVER_PASSWORD"
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" postgres \
  --command 'REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC'
