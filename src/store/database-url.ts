import path from "node:path";
import { OrchestratorError } from "../core/errors";

/** Where the records live. */
export type DatabaseAddress =
  | { readonly kind: "sqlite"; readonly file: string }
  | { readonly kind: "postgresql"; readonly url: string };

export const DATABASE_URL_FORMS = "file:/path/to/aco.db or postgresql://USER:PASSWORD@HOST:PORT/DATABASE";

/**
 * Reads `DATABASE_URL`. What follows `file:` is a path, taken as it stands: `%` and `?` are characters of it. Throws
 * INVALID_ARGUMENT without repeating the value, which may hold a password.
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  if (/^postgres(ql)?:\/\//i.test(text)) {
    if (!URL.canParse(text))
      throw refused("is not a valid URL (a special character in the password must be %-encoded)");
    return { kind: "postgresql", url: text };
  }
  const file = /^file:(?:\/\/(?=\/))?(.+)$/s.exec(text)?.[1];
  if (file !== undefined) {
    if (file.startsWith("//") || file.startsWith(":memory:")) throw refused("must name a file of this machine");
    return { kind: "sqlite", file: path.resolve(file) };
  }
  const scheme = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(text)?.[0];
  throw refused(scheme === undefined ? "has no scheme" : `has the scheme ${JSON.stringify(scheme)}`);
}

function refused(reason: string): OrchestratorError {
  const description = `${reason}; accepted are ${DATABASE_URL_FORMS}`;
  return new OrchestratorError("INVALID_ARGUMENT", `DATABASE_URL ${description}`, {
    violations: [{ field: "DATABASE_URL", description }],
  });
}
