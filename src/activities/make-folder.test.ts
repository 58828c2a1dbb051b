import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "./make-folder";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "aco-make-folder-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("makes a folder and those above it, also where others make them at the same time", async () => {
  const folder = join(root, "a", "b", "c");
  await Promise.all(Array.from({ length: 10 }, () => makeFolder(folder)));
  expect(statSync(folder).isDirectory()).toBe(true);
});

test("says what is in the way", async () => {
  writeFileSync(join(root, "file"), "");
  await expect(makeFolder(join(root, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeFolder(join(root, "file", "a"))).rejects.toMatchObject({ code: "EEXIST" });
});

if (existsSync("/proc/self"))
  test("gives up where a file system takes no folders", async () => {
    await expect(makeFolder("/proc/nowhere/a")).rejects.toMatchObject({ code: "ENOENT" });
  });
