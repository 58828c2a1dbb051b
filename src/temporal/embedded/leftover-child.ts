import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { Logger } from "../../core/logger";
import { commandLineOf, identifyProcess, isRunning, type ProcessIdentity } from "./process-identity";
import { endProcess } from "./temporal-child";

const identitySchema = z.object({ pid: z.int().positive(), startToken: z.string() });

/** What the file `child.json` beside Temporal's database says: which server runs on it, and who started that. */
const runFileSchema = z.object({ child: identitySchema, owner: identitySchema });

/** Notes the server that this process has just started. */
export function writeRunFile(path: string, child: ProcessIdentity): void {
  const owner = identifyProcess(process.pid);
  if (owner === null) throw new Error("this process cannot be found among the running ones");
  mkdirSync(dirname(path), { recursive: true });
  // Whole or not at all: a start after a crash must be able to read it.
  const aside = `${path}.new`;
  writeFileSync(aside, JSON.stringify({ child, owner }));
  renameSync(aside, path);
}

export function removeRunFile(path: string): void {
  rmSync(path, { force: true });
}

/**
 * Ends the server that a killed process of ours left on this database, if there is one. Takes three proofs: the file that
 * we wrote, the same start time, and a command line that names the database. Throws when its owner lives.
 */
export async function endLeftoverChild(path: string, databasePath: string, logger: Logger): Promise<void> {
  const run = readRunFile(path);
  if (run === null || !isRunning(run.child)) return;
  if (commandLineOf(run.child.pid)?.includes(databasePath) !== true) return;
  if (isRunning(run.owner)) {
    throw new Error(
      `The Temporal database ${databasePath} is in use by process ${run.owner.pid}. Stop that, or choose another folder with --data-dir or ACO_DATA_DIR.`,
    );
  }
  logger.warn({ pid: run.child.pid }, "ending the Temporal server that a killed process left behind");
  await endProcess(run.child);
}

function readRunFile(path: string): z.infer<typeof runFileSchema> | null {
  try {
    return runFileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // No such file, or cut off by a crash: then there is nothing that we could prove to be ours.
    return null;
  }
}
