/**
 * What the build scripts share: steps that are skipped while nothing they read or wrote has changed, one build at a
 * time in a clone, and running a tool quietly.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** The clone that these scripts belong to, wherever they are run from. */
export const ROOT = path.resolve(import.meta.dirname, "..");

/** Inside node_modules, so that a fresh `npm ci` starts from nothing and git never sees it. */
const STATE_DIR = path.join(ROOT, "node_modules", ".cache", "aco-build");

/** How often a build looks whether the one before it in the same clone has ended. */
const LOCK_POLL_MS = 100;

/** Every file under `entry` (a file or a folder, relative to the clone), sorted; none when it does not exist. */
export function filesUnder(entry) {
  const absolute = path.join(ROOT, entry);
  const stat = fs.statSync(absolute, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isFile()) return [entry];
  const names = fs.readdirSync(absolute).sort();
  return names.flatMap((name) => filesUnder(path.join(entry, name)));
}

/** SHA-256 over the names and contents of files. Contents, not times: a clone or a switch of branch changes times. */
export function hashFiles(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(`${file}\0`);
    hash.update(fs.readFileSync(path.join(ROOT, file)));
    hash.update("\0");
  }
  return hash.digest("hex");
}

/**
 * Runs a step unless both what it reads and what it wrote are as they were after its last success.
 * `inputs` and `outputs` are functions that list files. Resolves to whether it ran.
 */
export async function runStep({ name, inputs, outputs, force = false, run }) {
  const stampFile = path.join(STATE_DIR, `${name}.stamp`);
  const inputHash = hashFiles(inputs());
  const stamp = () => `${inputHash} ${hashFiles(outputs())}`;
  const previous = fs.existsSync(stampFile) ? fs.readFileSync(stampFile, "utf8") : "";
  if (!force && previous === stamp()) return false;
  fs.rmSync(stampFile, { force: true });
  await run();
  fs.mkdirSync(STATE_DIR, { recursive: true });
  fs.writeFileSync(stampFile, stamp());
  return true;
}

/**
 * Makes `to` hold exactly the files of `from`, touching only those that differ, so that readers are not disturbed.
 * Files of `to` that `isOthers` says yes to (paths relative to it) are somebody else's and stay.
 */
export function syncFolder(from, to, isOthers = () => false) {
  const source = path.relative(ROOT, from);
  const wanted = new Set(filesUnder(source).map((file) => path.relative(source, file)));
  for (const file of wanted) {
    const target = path.join(to, file);
    const content = fs.readFileSync(path.join(from, file));
    if (fs.existsSync(target) && fs.readFileSync(target).equals(content)) continue;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    const temporary = `${target}.${process.pid}.tmp`;
    fs.writeFileSync(temporary, content);
    fs.renameSync(temporary, target);
  }
  const present = filesUnder(path.relative(ROOT, to)).map((file) => path.relative(path.relative(ROOT, to), file));
  for (const file of present) if (!wanted.has(file) && !isOthers(file)) fs.rmSync(path.join(to, file), { force: true });
}

/** Throws, naming them, where packages are missing that package.json asks for: after a pull, say. */
export function requireInstalled() {
  const { dependencies, devDependencies } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8"));
  const missing = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !fs.existsSync(path.join(ROOT, "node_modules", name, "package.json")),
  );
  if (missing.length > 0) throw new Error(`not installed: ${missing.join(", ")}. Run npm ci.`);
}

/** An empty folder inside the clone, so that what is built there finds node_modules; removed when the work is done. */
export async function withScratchFolder(work) {
  fs.mkdirSync(STATE_DIR, { recursive: true });
  const folder = fs.mkdtempSync(path.join(STATE_DIR, "scratch-"));
  try {
    return await work(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a Node program of a dependency, quietly. Rejects with what it printed when it fails. */
export function runNode(program, args, options = {}) {
  return runProgram(process.execPath, [path.join(ROOT, "node_modules", program), ...args], options);
}

/** Runs a program in the clone, quietly. Resolves to its standard output; rejects with all it printed. */
export function runProgram(program, args, { env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let printed = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      printed += chunk;
    });
    child.stderr.on("data", (chunk) => {
      printed += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(printed.trim() || `${path.basename(program)} ended with code ${code}`));
    });
  });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Lets one build at a time work in a clone; others wait. A lock whose holder has died is taken over. */
export async function withBuildLock(work) {
  const lockFile = path.join(STATE_DIR, "lock");
  fs.mkdirSync(STATE_DIR, { recursive: true });
  for (;;) {
    try {
      fs.writeFileSync(lockFile, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const holder = fs.existsSync(lockFile) ? Number(fs.readFileSync(lockFile, "utf8")) : Number.NaN;
      // An empty file belongs to somebody who is just now writing it.
      if (holder > 0 && !isAlive(holder)) fs.rmSync(lockFile, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
    }
  }
  try {
    return await work();
  } finally {
    fs.rmSync(lockFile, { force: true });
  }
}

/** Runs `main` and turns what it throws into one message and exit code 1. */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

/** Whether the file of `url` is the program that was started, not an import of another one. */
export function isProgram(url) {
  return process.argv[1] !== undefined && url === new URL(`file://${fs.realpathSync(process.argv[1])}`).href;
}
