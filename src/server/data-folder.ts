import { mkdirSync, rmdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError } from "../config";

/**
 * Makes the data folder, and those above it, for its owner only: the records are nobody else's business. Throws a
 * `ConfigError` that says what is wrong where it cannot be made or nothing can be made in it.
 */
export function makeDataFolder(dataDir: string): void {
  try {
    makeFolder(dataDir);
    // Permissions alone do not tell: root may write anywhere, but not to what is mounted read-only.
    const probe = join(dataDir, `.writable.${process.pid}`);
    mkdirSync(probe);
    rmdirSync(probe);
  } catch (error) {
    throw new ConfigError([
      `The data folder ${dataDir} cannot be used: ${reasonOf(error)}. Choose another with --data-dir or ACO_DATA_DIR.`,
    ]);
  }
}

/**
 * Not by `recursive`, which in Node 20 tries for ever where a file system refuses a folder with ENOENT, as /proc does:
 * the process would hang, deaf to Ctrl-C.
 */
function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EEXIST: "is not a folder",
  ENOTDIR: "is not a folder",
  ENOENT: "no folder can be made there",
};

/** The reason with the path it is about, which may be a folder above. */
function reasonOf(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  const reason = REASONS[code ?? ""];
  if (reason === undefined || path === undefined) return message;
  return reason.startsWith("is ") ? `${path} ${reason}` : `${reason} (${path})`;
}
