#!/bin/sh
# Waits until Temporal answers, then creates the namespace TEMPORAL_NAMESPACE where it does not exist yet. Runs in
# temporalio/admin-tools, whose temporal command takes the server from TEMPORAL_ADDRESS.
set -eu

# As long as the embedded server keeps closed runs: 30 days.
RETENTION=720h
# Two minutes: a first start on a slow disk.
ATTEMPTS=60
PAUSE_SECONDS=2

attempt=1
until temporal operator cluster health; do
  if [ "$attempt" -ge "$ATTEMPTS" ]; then
    echo "Temporal at $TEMPORAL_ADDRESS did not become healthy" >&2
    exit 1
  fi
  attempt=$((attempt + 1))
  sleep "$PAUSE_SECONDS"
done

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
