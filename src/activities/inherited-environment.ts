/**
 * What a task's process inherits of the worker's environment: enough to find programs, a home, a language and a temporary
 * folder. Everything else stays behind, above all what the worker itself is configured with (`DATABASE_URL`,
 * `TEMPORAL_API_KEY`, `ACO_CONNECT`, cloud credentials). What a task needs beyond it stands in its config's `env`.
 */
const INHERITED = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TMPDIR",
  // Where programs find the certificate authorities that this machine trusts.
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
]);

/** POSIX locale categories: `LC_ALL`, `LC_CTYPE`, ... */
const LOCALE = /^LC_[A-Z]+$/;

/** The variables of `environment` that a task may see. */
export function inheritedEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && (INHERITED.has(name) || LOCALE.test(name))) inherited[name] = value;
  }
  return inherited;
}
