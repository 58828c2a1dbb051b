#!/bin/sh
# Creates or updates Temporal's two databases; harmless when they are there already. Runs in temporalio/admin-tools, whose
# temporal-sql-tool takes the server, user and password from SQL_HOST, SQL_PORT, SQL_USER and SQL_PASSWORD.
set -eu

export SQL_PLUGIN=postgres12

for schema in temporal visibility; do
  if [ "$schema" = temporal ]; then database=temporal; else database=temporal_visibility; fi
  temporal-sql-tool --database "$database" create-database
  temporal-sql-tool --database "$database" setup-schema --version 0.0
  temporal-sql-tool --database "$database" update-schema --schema-name "postgresql/v12/$schema"
done
