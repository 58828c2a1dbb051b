import type { Environment } from "../../config";

/**
 * Whether the terminal shows more than ASCII, by the first of the variables that decide it (POSIX, 8.2) that is set. Windows
 * has none of them, and its terminals show UTF-8.
 */
export function isUtf8Locale(env: Environment, platform: NodeJS.Platform): boolean {
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((value) => value !== undefined && value !== "");
  if (locale === undefined) return platform === "win32";
  return /utf-?8/i.test(locale);
}
