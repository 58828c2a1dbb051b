import { readClientConfig, readServerConfig } from "../../config";
import { createDevLogger, createLogger } from "../../server/logging";
import { startApiProcess } from "../../server/start-api-process";
import { startDevServer } from "../../server/start-dev";
import { readVersion } from "../version";
import { readyText } from "./ready-lines";
import { runProcess } from "./run-process";
import type { ServerOptions } from "./server-command";

export async function startDev(options: ServerOptions): Promise<void> {
  const config = readServerConfig(options);
  const { format } = readClientConfig(formatFlag(options));
  const version = readVersion();
  const logger = createDevLogger(config.logLevel, config.dataDir, (line) => process.stderr.write(`aco: ${line}\n`));
  await runProcess(
    () => startDevServer(config, logger, version),
    ({ addresses: { grpc, temporal, ui, web, webhooks, dataDir } }) => {
      const facts = [
        { label: "gRPC", key: "grpc", value: grpc },
        { label: "Temporal", key: "temporal", value: temporal },
        { label: "Web UI", key: "ui", value: ui },
        { label: "Web page", key: "web", value: web },
        ...webhookFact(webhooks),
        { label: "Data", key: "data_dir", value: dataDir },
      ];
      process.stdout.write(readyText(`aco ${version} is ready.`, facts, "Ctrl-C stops everything.", format));
    },
  );
}

export async function startApiServer(options: ServerOptions): Promise<void> {
  const config = readServerConfig(options);
  const { format } = readClientConfig(formatFlag(options));
  const version = readVersion();
  const logger = createLogger(config.logLevel);
  await runProcess(
    () => startApiProcess(config, logger, version),
    ({ addresses: { grpc, temporal, web, webhooks } }) => {
      const facts = [
        { label: "gRPC", key: "grpc", value: grpc },
        { label: "Temporal", key: "temporal", value: temporal },
        { label: "Web page", key: "web", value: web },
        ...webhookFact(webhooks),
      ];
      process.stdout.write(readyText(`The API of aco ${version} is ready.`, facts, "Ctrl-C stops it.", format));
    },
  );
}

/** There only where webhooks are taken. */
function webhookFact(address: string | null) {
  return address === null ? [] : [{ label: "Webhooks", key: "webhooks", value: `http://${address}/hooks/` }];
}

/** `--format` is the only client option that a server has. */
export function formatFlag({ format }: { readonly format?: string }): { readonly format?: string } {
  return format === undefined ? {} : { format };
}
