/** What `aco` exits with. Scripts depend on these; `aco --help` lists them. */
export const EXIT_CODES = {
  done: 0,
  /** The server refused the request, or the execution failed or was cancelled. */
  failed: 1,
  /** The command line, a file it names or a setting is wrong; nothing was sent. */
  usage: 2,
  /** No server answers, or the server cannot reach Temporal or its database. */
  unreachable: 3,
  /** Ctrl-C while following: the execution goes on. 128 + SIGINT, as shells have it. */
  detached: 130,
  /** The reader of a pipe went away. 128 + SIGPIPE. */
  brokenPipe: 141,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** Ends a command with a message for a person. `hint` is a second paragraph: what to do about it. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, message: string, hint?: string) {
    super(message);
    this.exitCode = exitCode;
    this.hint = hint;
  }
}

/** By name: a class does not survive Jest's module registry. */
export function isCliError(error: unknown): error is CliError {
  return error instanceof Error && error.name === "CliError";
}

export function usageError(message: string, hint?: string): CliError {
  return new CliError(EXIT_CODES.usage, message, hint);
}
