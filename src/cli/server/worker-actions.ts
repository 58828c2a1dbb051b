import { readClientConfig, readServerConfig } from "../../config";
import { createLogger } from "../../server/logging";
import { startWorkerProcess } from "../../server/start-worker-process";
import { readVersion } from "../version";
import { readyText } from "./ready-lines";
import { runProcess } from "./run-process";
import { formatFlag } from "./server-actions";
import type { ServerOptions } from "./server-command";

export async function startWorkerProcessCommand(options: ServerOptions): Promise<void> {
  const config = readServerConfig(options);
  const { format } = readClientConfig(formatFlag(options));
  const logger = createLogger(config.logLevel);
  await runProcess(
    (signal) => startWorkerProcess(config, logger, signal),
    ({ addresses: { temporal } }) => {
      const facts = [
        { label: "Temporal", key: "temporal", value: temporal },
        { label: "Task queue", key: "task_queue", value: config.taskQueue },
      ];
      process.stdout.write(
        readyText(`The worker of aco ${readVersion()} is ready.`, facts, "Ctrl-C stops it.", format),
      );
    },
  );
}
