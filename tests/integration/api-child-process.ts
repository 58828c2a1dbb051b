/** An API in a process of its own, for tests that kill it: `node -r typescript-hook.cjs this-file ADDRESS QUEUE DATA_DIR [WEB_PORT]`. */
import { join } from "node:path";
import { type RunningApi, startApi } from "../../src/api/start-api";
import { type RunningWeb, startWeb } from "../../src/api/web/start-web";
import { silentLogger } from "../../src/core/logger";
import { openStore } from "../../src/store/open-store";
import { connectTemporal } from "../../src/temporal/connect";
import { createReactionRuns } from "../../src/temporal/reaction-runs";
import { createRuns } from "../../src/temporal/runs";
import { createSchedules } from "../../src/temporal/schedules";
import { createEventStreams } from "../../src/temporal/streams";

async function main(): Promise<void> {
  const [address = "", taskQueue = "", dataDir = "", webPort] = process.argv.slice(2);
  const logger = silentLogger;
  const { client } = await connectTemporal({ address, namespace: "default", logger });
  const api = await startApi({
    listen: { host: "127.0.0.1", port: 0 },
    dataDir,
    store: await openStore({ databaseUrl: `file:${join(dataDir, "aco.db")}`, logger }),
    runs: createRuns({ client, taskQueue }),
    streams: createEventStreams({ client, logger }),
    schedules: createSchedules({ client, taskQueue }),
    reactions: createReactionRuns({ client, taskQueue }),
    logger,
    version: "child",
  });
  const web = webPort === undefined ? undefined : await serve(api, Number(webPort));
  process.stdout.write(`${api.address}\n`);
  if (web !== undefined) process.stdout.write(`${web.url}\n`);
}

function serve(api: RunningApi, port: number): Promise<RunningWeb> {
  return startWeb({
    listen: { host: "127.0.0.1", port },
    origins: [],
    connect: () => api.connect(),
    settings: { version: "child", temporalUi: undefined },
    logger: silentLogger,
  });
}

void main();
