import { err, ok, type Result } from "../../core/result";
import { OLDEST_CLI } from "./cli-release";
import { runProgram } from "./run-program";

/** It takes 0.2 s; a cold disk and a busy machine make that seconds. */
const VERSION_TIMEOUT_MS = 20_000;

/** Runs `PATH --version`: its version, or why this is not a Temporal CLI that we can use. */
export async function checkCli(path: string): Promise<Result<string, string>> {
  const { exitCode, stdout, stderr, problem } = await runProgram(path, ["--version"], {
    timeoutMs: VERSION_TIMEOUT_MS,
  });
  if (problem !== undefined) return err(`${path} ${problem}`);
  const [, version, major, minor] = /\btemporal version ((\d+)\.(\d+)\.\S+)/.exec(stdout) ?? [];
  if (exitCode !== 0 || version === undefined) {
    const said = (stderr.trim() || stdout.trim() || "nothing").slice(0, 300);
    return err(`${path} --version ended with exit code ${exitCode} and said: ${said}`);
  }
  const isOld =
    Number(major) < OLDEST_CLI.major || (Number(major) === OLDEST_CLI.major && Number(minor) < OLDEST_CLI.minor);
  return isOld ? err(`${path} is version ${version}, older than ${OLDEST_CLI.major}.${OLDEST_CLI.minor}`) : ok(version);
}
