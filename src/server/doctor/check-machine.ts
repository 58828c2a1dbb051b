import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EmbeddedConfig, ServerConfig } from "../../config";
import { silentLogger } from "../../core/logger";
import { checkCli } from "../../temporal/embedded/check-cli";
import { EMBEDDED_HOST } from "../../temporal/embedded/embedded-options";
import { findTemporalCli } from "../../temporal/embedded/find-temporal-cli";
import { reservePort } from "../../temporal/embedded/ports";
import { API_PORT, WEB_PORT, WEBHOOKS_PORT } from "../listen-port";
import { type Check, fail, ok, reasonOf, warn } from "./check";

/** package.json says the same; older ones cannot load ES modules as we do. */
const OLDEST_NODE = [20, 19] as const;

export function checkNode(version: string = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return ok("node", `Node ${version}`);
  return fail("node", `Node ${version}`, `Install Node ${OLDEST_NODE.join(".")} or later (https://nodejs.org).`);
}

/** Shell tasks run in it. */
export function checkShell(shell = "/bin/sh"): Check {
  const { error, status, signal } = spawnSync(shell, ["-c", "exit 7"], { timeout: 5_000, stdio: "ignore" });
  if (status === 7) return ok("shell", `${shell} runs commands`);
  const reason = error === undefined ? `it ended with ${status ?? signal}` : reasonOf(error);
  return fail(
    "shell",
    `${shell} runs no commands: ${reason}`,
    "Tasks of type shell with `command` need it; use `argv`.",
  );
}

/** Free space below which a server is likely to stop within the day, and below which SQLite cannot even checkpoint. */
const LOW_BYTES = 1024 ** 3;
const FULL_BYTES = 100 * 1024 ** 2;

const OTHERS = 0o077;

/** The data folder, or where it would be made: whether it can be written, who else may read it, and how much room there is. */
export function checkDataFolder(dataDir: string): readonly Check[] {
  const place = nearest(dataDir);
  const stats = statSync(place, { throwIfNoEntry: false });
  const choose = "Choose another with --data-dir or ACO_DATA_DIR.";
  if (stats?.isDirectory() !== true) return [fail("data.folder", `${place} is no folder`, choose)];
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
  } catch {
    return [fail("data.folder", `${place} cannot be written by this user`, `Make it this user's own. ${choose}`)];
  }
  const exists = place === dataDir;
  const isOpen = exists && (stats.mode & OTHERS) !== 0;
  const mode = (stats.mode & 0o777).toString(8);
  const folder = isOpen
    ? warn("data.folder", `${dataDir} (mode ${mode}: others may look into it)`, `chmod 700 ${dataDir}`)
    : ok("data.folder", exists ? `${dataDir} (mode ${mode})` : `${dataDir} does not exist yet; it will be made`);
  return [folder, checkSpace(place)];
}

function checkSpace(place: string): Check {
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const found = `${(free / 1024 ** 3).toFixed(1)} GiB free at ${place}`;
  const fix = "Free some, shorten --retention, or move the data with --data-dir.";
  if (free < FULL_BYTES) return fail("data.space", found, fix);
  return free < LOW_BYTES ? warn("data.space", found, fix) : ok("data.space", found);
}

function nearest(path: string): string {
  let place = path;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  return place;
}

/** How `start-dev` would come by Temporal's command line. Nothing is fetched for it. */
export async function checkTemporalCli({ cli }: EmbeddedConfig): Promise<Check> {
  try {
    const path = await findTemporalCli(cli, silentLogger, []);
    const version = await checkCli(path);
    const way = path === cli.cliPath ? "TEMPORAL_CLI_PATH" : isOnPath(cli.searchPath, path) ? "PATH" : "the cache";
    return ok("temporal.cli", `${version.ok ? version.value : "of unknown version"}, by ${way}: ${path}`);
  } catch (error) {
    const fix = "Install it on PATH (https://docs.temporal.io/cli#install) or name it with TEMPORAL_CLI_PATH.";
    if (cli.cliPath !== undefined) return fail("temporal.cli", reasonOf(error), fix);
    return warn("temporal.cli", "none is installed; the first start fetches it, which needs the network", fix);
  }
}

function isOnPath(searchPath: readonly string[], path: string): boolean {
  return searchPath.some((folder) => path === join(folder, "temporal"));
}

/** Whether a server could listen where it is configured to. `isRunning`: one of ours may be what listens there. */
export async function checkPorts(
  { listen, embedded, webhookListen, web }: Pick<ServerConfig, "listen" | "embedded" | "webhookListen" | "web">,
  isRunning: boolean,
): Promise<readonly Check[]> {
  const own = { host: EMBEDDED_HOST, what: "Temporal" };
  const wanted = [
    { id: "port.api", ...API_PORT, ...listen },
    ...(webhookListen === null ? [] : [{ id: "port.webhooks", ...WEBHOOKS_PORT, ...webhookListen }]),
    // Where nobody said where, `start-dev` takes any free one.
    ...(web.listen ? [{ id: "port.web", ...WEB_PORT, ...web.listen }] : []),
    ...(embedded === null
      ? []
      : [
          { id: "port.temporal", ...own, port: embedded.port, flag: "--temporal-port", variable: "ACO_TEMPORAL_PORT" },
          { id: "port.ui", ...own, port: embedded.uiPort, flag: "--ui-port", variable: "ACO_UI_PORT" },
        ]),
  ];
  return await Promise.all(
    wanted.map(async ({ id, ...port }) => {
      try {
        await reservePort(port);
        return ok(id, port.port === 0 ? "any free one" : `${port.host}:${port.port} is free`);
      } catch (error) {
        const [found = "", ...fix] = reasonOf(error).split(". ");
        if (isRunning) return ok(id, `${port.host}:${port.port} is in use; a server of ours runs`);
        return fail(id, found, fix.join(". "));
      }
    }),
  );
}
