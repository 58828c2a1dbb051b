import { EXIT_CODES, type ExitCode, isCliError } from "./exit-codes";
import { harmless } from "./output/terminal-text";

/** Says on standard error what ended a command, without a stack, and returns what to exit with. */
export function reportError(error: unknown): ExitCode {
  const { message, hint, exitCode } = describe(error);
  process.stderr.write(`aco: ${harmless(message)}\n`);
  if (hint !== undefined) process.stderr.write(`${hint}\n`);
  return exitCode;
}

interface Report {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly exitCode: ExitCode;
}

/** By name, so that neither the configuration (zod) nor gRPC has to be loaded to say what is wrong. */
function describe(error: unknown): Report {
  if (isCliError(error)) return error;
  if (!(error instanceof Error)) return { message: String(error), exitCode: EXIT_CODES.failed };
  // A ConfigError's message has one problem a line.
  if (error.name === "ConfigError") return { message: error.message, exitCode: EXIT_CODES.usage };
  if (error.name === "OrchestratorError" && "code" in error && error.code === "UNAVAILABLE")
    return { message: error.message, exitCode: EXIT_CODES.unreachable };
  return { message: error.message || error.name, exitCode: EXIT_CODES.failed };
}
