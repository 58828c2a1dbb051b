import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { identifyProcess } from "../temporal/embedded/process-identity";
import { lockDataFolder } from "./data-folder-lock";

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "aco-lock-"));
  file = join(dir, "lock.json");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function held(by: object): void {
  const holder = { pid: 1, startToken: "x", hostname: hostname(), startedAt: "2026-01-02T03:04:05.678Z", ...by };
  writeFileSync(file, JSON.stringify(holder));
}

describe("the lock of a data folder", () => {
  it("refuses a second holder, naming the first with its address, and what to do", async () => {
    const lock = await lockDataFolder(dir);
    lock.announce("127.0.0.1:50051");
    const refusal = lockDataFolder(dir);
    await expect(refusal).rejects.toThrow(
      `The data folder ${dir} is in use by process ${process.pid}, running since 20`,
    );
    await expect(lockDataFolder(dir)).rejects.toThrow("listening on 127.0.0.1:50051");
    await expect(lockDataFolder(dir)).rejects.toThrow("--data-dir or ACO_DATA_DIR");
    lock.release();
    (await lockDataFolder(dir)).release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it("makes the folder, readable by its owner only", async () => {
    const deep = join(dir, "a", "b");
    const lock = await lockDataFolder(deep);
    expect(readdirSync(deep)).toEqual(["lock.json"]);
    lock.release();
  });

  it("takes over from a process that was killed", async () => {
    const child = spawn("sleep", ["60"]);
    const identity = identifyProcess(child.pid ?? 0);
    held({ ...identity });
    await expect(lockDataFolder(dir)).rejects.toThrow(`process ${child.pid}, running since 2026-01-02T03:04:05.678Z`);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    const lock = await lockDataFolder(dir);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ pid: process.pid });
    lock.release();
  });

  it("takes over when another process has got the number of the killed one", async () => {
    held({ pid: process.pid, startToken: "of another boot" });
    (await lockDataFolder(dir)).release();
  });

  it("takes over a lock that was cut off by a crash", async () => {
    writeFileSync(file, '{"pid": 12');
    (await lockDataFolder(dir)).release();
  });

  it("believes a holder on another machine until it has been silent for half a minute", async () => {
    held({ hostname: "elsewhere" });
    await expect(lockDataFolder(dir)).rejects.toThrow("process 1 on elsewhere, running since");
    const longAgo = new Date(Date.now() - 31_000);
    utimesSync(file, longAgo, longAgo);
    (await lockDataFolder(dir)).release();
  });

  it("lets one of many have a stale lock", async () => {
    held({ pid: 999_999_999 });
    const taken = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataFolder(dir)));
    const locks = taken.filter((result) => result.status === "fulfilled");
    expect(locks).toHaveLength(1);
    for (const lock of locks) lock.value.release();
  });

  it("leaves a lock alone that has passed to somebody else", async () => {
    const lock = await lockDataFolder(dir);
    held({ pid: 4_242 });
    lock.release();
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ pid: 4_242 });
  });
});
