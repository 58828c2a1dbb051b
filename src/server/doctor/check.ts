/** What a check found. `fail`: it does not work as it is; `warn`: it works, and somebody should know. */
export type CheckStatus = "ok" | "warn" | "fail";

/** One line of `aco doctor`. */
export interface Check {
  /** Stable, for programs: `temporal.namespace`. */
  readonly id: string;
  readonly status: CheckStatus;
  /** What is there, for a person. */
  readonly found: string;
  /** What to do about it; absent where nothing is to be done. */
  readonly fix?: string;
}

export function ok(id: string, found: string): Check {
  return { id, status: "ok", found };
}

export function warn(id: string, found: string, fix: string): Check {
  return { id, status: "warn", found, fix };
}

export function fail(id: string, found: string, fix: string): Check {
  return { id, status: "fail", found, fix };
}

/** What went wrong, in one line. */
export function reasonOf(error: unknown): string {
  const { message } = error as { readonly message?: unknown };
  return (
    String(message ?? error)
      .split("\n")
      .map((line) => line.trim())
      .find((line) => line !== "") ?? "unknown"
  );
}
