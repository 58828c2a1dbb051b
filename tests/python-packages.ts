import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { REPOSITORY } from "./repository";

/**
 * Exact versions from PyPI; all have wheels for Python 3.10 and later on Linux, macOS and Windows. `pyte` is a terminal without a
 * screen: it tells what somebody would see.
 */
const REQUIREMENTS = ["grpcio-tools==1.80.0", "grpcio==1.80.0", "pyte==0.8.2", "wcwidth==0.2.13"];

/** Installed once per user and set of versions; a marker file says that an installation was completed. */
const PACKAGES = path.join(
  os.tmpdir(),
  `aco-tests-${os.userInfo().username}`,
  `python-${createHash("sha256").update(REQUIREMENTS.join()).digest("hex").slice(0, 12)}`,
);

/** Downloading 15 MB over a slow line and unpacking it on a busy machine. */
export const INSTALL_TIMEOUT_MS = 300_000;

/** Runs a Python that has `REQUIREMENTS`; resolves to what it printed and rejects where it failed. */
export async function python(
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: Uint8Array } = {},
): Promise<string> {
  const { cwd = REPOSITORY, input } = options;
  const env = { ...process.env, ...pythonEnvironment(), PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  const running = promisify(execFile)("python3", [...args], { cwd, encoding: "utf8", env });
  running.child.stdin?.on("error", () => undefined);
  running.child.stdin?.end(input);
  return (await running).stdout;
}

/** Where Python finds `REQUIREMENTS`, once they are installed. */
export function pythonEnvironment(): { readonly PYTHONPATH: string } {
  return { PYTHONPATH: PACKAGES };
}

/** `--target` works without venv, which Debian packages apart, and leaves the system's packages alone. */
export async function installPythonPackages(): Promise<void> {
  const isInstalled = () => fs.existsSync(path.join(PACKAGES, "installed"));
  if (isInstalled()) return;
  fs.mkdirSync(path.dirname(PACKAGES), { recursive: true });
  const fresh = fs.mkdtempSync(`${PACKAGES}-`);
  await python(["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--target", fresh, ...REQUIREMENTS]);
  fs.writeFileSync(path.join(fresh, "installed"), "");
  // Another test file may have installed them meanwhile, and be using them.
  if (!isInstalled()) fs.rmSync(PACKAGES, { recursive: true, force: true });
  try {
    fs.renameSync(fresh, PACKAGES);
  } catch (error) {
    fs.rmSync(fresh, { recursive: true, force: true });
    if (!isInstalled()) throw error;
  }
}
