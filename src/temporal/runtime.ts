import { DefaultLogger, type LogEntry, Runtime } from "@temporalio/worker";
import type { Logger } from "../core/logger";

let installed = false;

/**
 * Sends what Temporal's SDK and its native core log to our logger, and leaves the process's signals to us. A process has
 * one runtime: the first caller's logger stays.
 */
export function installRuntime(logger: Logger): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    // By default every SIGINT would stop the workers before the API has told its streams.
    shutdownSignals: [],
    telemetryOptions: { logging: { forward: {}, filter: { core: "WARN", other: "ERROR" } } },
    logger: new DefaultLogger("WARN", (entry) => logEntry(logger, entry)),
  });
}

/** Writes what the SDK says as one of our own lines, as loud as it is for somebody who runs a server. */
export function logEntry(logger: Logger, { level, message, meta }: Pick<LogEntry, "level" | "message" | "meta">): void {
  const fields = { component: "temporal-sdk", ...meta };
  if (level === "ERROR") logger.error(fields, message);
  else if (isOutcome(message, meta?.["error"])) logger.info(fields, message);
  else if (level === "WARN") logger.warn(fields, message);
  else logger.debug(fields, message);
}

/**
 * A task that failed in its own way, such as with an exit code, is an outcome that its stream and its record tell; the SDK
 * warns of it. Anything else that an activity throws is a defect. A workflow fails by outcomes only: a defect in one
 * fails its workflow task, under another message.
 */
function isOutcome(message: string, error: unknown): boolean {
  if (message === "Workflow failed") return true;
  return message === "Activity failed" && error instanceof Error && error.name === "ApplicationFailure";
}
