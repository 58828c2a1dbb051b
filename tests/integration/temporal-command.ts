import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { processEnvironment, readServerConfig } from "../../src/config";
import { silentLogger } from "../../src/core/logger";
import { findTemporalCli } from "../../src/temporal/embedded/find-temporal-cli";
import type { TestTemporal } from "./temporal-server";

/** Runs Temporal's own command line against a server, as a person would; rejects with what it said where it fails. */
export async function temporalCommand(temporal: TestTemporal, ...words: readonly string[]): Promise<string> {
  const { PATH, HOME, XDG_CACHE_HOME, TEMPORAL_CLI_PATH } = processEnvironment();
  const { embedded } = readServerConfig({}, { PATH, HOME, XDG_CACHE_HOME, TEMPORAL_CLI_PATH });
  if (embedded === null) throw new Error("the test's own environment names no cluster");
  const program = await findTemporalCli(embedded.cli, silentLogger);
  const where = ["--address", temporal.address, "--namespace", temporal.namespace];
  const { stdout } = await promisify(execFile)(program, [...words, ...where]);
  return stdout;
}
