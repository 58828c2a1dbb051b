import { readServerConfig } from "../src/config";
import { findTemporalCli } from "../src/temporal/embedded/find-temporal-cli";

/**
 * Runs once before all tests (Jest wants one thing exported): finds the Temporal CLI, or fetches it, which may take longer
 * than a test may. Tests and the processes that they start then use this one. Unit tests do without.
 */
async function findCli(): Promise<void> {
  const { embedded } = readServerConfig({}, { ...process.env, TEMPORAL_ADDRESS: "", TEMPORAL_PROFILE: "" });
  if (embedded === null) throw new Error("no embedded Temporal is configured");
  const tell = (fields: object, message: string) => console.log(message, fields);
  const logger = { debug: () => undefined, info: tell, warn: tell, error: tell };
  try {
    process.env["TEMPORAL_CLI_PATH"] = await findTemporalCli(embedded.cli, logger);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
}

export = findCli;
