import { DefaultLogger, Runtime } from "@temporalio/worker";
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
    logger: new DefaultLogger("WARN", ({ level, message, meta }) => {
      const fields = { component: "temporal-sdk", ...meta };
      if (level === "ERROR") logger.error(fields, message);
      else if (level === "WARN") logger.warn(fields, message);
      else logger.debug(fields, message);
    }),
  });
}
