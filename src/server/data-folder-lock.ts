import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { identifyProcess, isRunning } from "../temporal/embedded/process-identity";
import { makeDataFolder } from "./data-folder";

/** What the lock file says about who holds the folder. */
const holderSchema = z.object({
  pid: z.int().positive(),
  startToken: z.string(),
  hostname: z.string(),
  /** RFC 3339, UTC, milliseconds. */
  startedAt: z.string(),
  /** `host:port` of the holder's API, once it listens. */
  grpc: z.string().optional(),
});

type Holder = z.infer<typeof holderSchema>;

/** The holder touches its file this often; a holder on another machine that is silent for longer than six times is gone. */
const TOUCH_INTERVAL_MS = 5_000;
const SILENCE_MS = 6 * TOUCH_INTERVAL_MS;

/** Two processes that find the same stale lock take turns; a turn takes milliseconds, and one older than this is over. */
const TURN_MAX_MS = 10_000;
const TURN_POLL_MS = 50;

/** A data folder that this process holds. */
export interface DataFolderLock {
  /** Adds the address to what others are told. */
  announce(grpc: string): void;
  release(): void;
}

/**
 * Takes the folder for this process; creates it where it is missing. Throws an error that names the holder when another
 * process has it. What a killed process left behind is taken over.
 */
export async function lockDataFolder(dataDir: string): Promise<DataFolderLock> {
  makeDataFolder(dataDir);
  const path = join(dataDir, "lock.json");
  const identity = identifyProcess(process.pid);
  if (identity === null) throw new Error("this process cannot be found among the running ones");
  let holder: Holder = { ...identity, hostname: hostname(), startedAt: new Date().toISOString() };
  await take(path, dataDir, holder);
  const touching = setInterval(() => touch(path), TOUCH_INTERVAL_MS);
  touching.unref();
  return {
    announce: (grpc) => {
      holder = { ...holder, grpc };
      replace(path, holder);
    },
    release: () => {
      clearInterval(touching);
      if (isSame(readHolder(path), holder)) rmSync(path, { force: true });
    },
  };
}

/** Who has the folder now; undefined where nobody has. */
export function folderHolder(
  dataDir: string,
): { readonly pid: number; readonly grpc?: string | undefined } | undefined {
  const path = join(dataDir, "lock.json");
  const holder = readHolder(path);
  return holder !== null && isAlive(holder, path) ? holder : undefined;
}

async function take(path: string, dataDir: string, holder: Holder): Promise<void> {
  if (create(path, holder)) return;
  const turn = await takeTurn(`${path}.takeover`);
  try {
    const other = readHolder(path);
    if (other !== null && isAlive(other, path)) throw inUse(dataDir, path, other);
    replace(path, holder);
  } finally {
    rmdirSync(turn);
  }
}

/** Writes the lock unless there is one; whole or not at all, because a link appears with its content. */
function create(path: string, holder: Holder): boolean {
  const written = writeAside(path, holder);
  try {
    linkSync(written, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(written, { force: true });
  }
}

function replace(path: string, holder: Holder): void {
  renameSync(writeAside(path, holder), path);
}

function writeAside(path: string, holder: Holder): string {
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, JSON.stringify(holder));
  return aside;
}

/** A folder can be made only once, so who makes it has the turn. Returns the folder, to be removed afterwards. */
async function takeTurn(folder: string): Promise<string> {
  for (;;) {
    try {
      mkdirSync(folder);
      return folder;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    const since = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > TURN_MAX_MS) rmSync(folder, { recursive: true, force: true });
    await new Promise((resolve) => setTimeout(resolve, TURN_POLL_MS));
  }
}

/** Processes of another machine (a shared disk, a container) cannot be looked at; their file tells. */
function isAlive(holder: Holder, path: string): boolean {
  if (holder.hostname === hostname()) return isRunning(holder);
  const touchedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - touchedMs < SILENCE_MS;
}

function inUse(dataDir: string, path: string, holder: Holder): Error {
  const where = holder.hostname === hostname() ? "" : ` on ${holder.hostname}`;
  const address = holder.grpc === undefined ? "" : `, listening on ${holder.grpc}`;
  return new Error(
    `The data folder ${dataDir} is in use by process ${holder.pid}${where}, running since ${holder.startedAt}${address}. ` +
      `Use that server, stop it, or choose another folder with --data-dir or ACO_DATA_DIR. (The lock is ${path}.)`,
  );
}

/** Null when there is none, and when it was written by a version that we do not know: then nobody is proven to hold it. */
function readHolder(path: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

function isSame(a: Holder | null, b: Holder): boolean {
  return a !== null && a.pid === b.pid && a.startToken === b.startToken && a.hostname === b.hostname;
}

function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // Somebody removed the folder under us; the database will say so.
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
