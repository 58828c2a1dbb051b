import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeDataFolder } from "./data-folder";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "aco-folder-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("the data folder", () => {
  it("is made with the folders above it, for its owner only, and left empty", () => {
    const deep = join(dir, "a", "b");
    makeDataFolder(deep);
    makeDataFolder(deep);
    expect(statSync(deep).mode & 0o777).toBe(0o700);
    expect(readdirSync(deep)).toEqual([]);
  });

  it.each(["taken", "taken/below"])("is refused where a file is in the way: %s", (name) => {
    writeFileSync(join(dir, "taken"), "");
    expect(() => makeDataFolder(join(dir, name))).toThrow(
      `The data folder ${join(dir, name)} cannot be used: ${join(dir, "taken")} is not a folder. Choose another with`,
    );
  });

  // macOS has no /proc, and a read-only root where it would be.
  it.each(["/proc", "/proc/data"])("is refused, and not tried for ever, where no folder can be made: %s", (path) => {
    expect(() => makeDataFolder(path)).toThrow(`The data folder ${path} cannot be used`);
  });
});
