import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RotatingLog } from "./rotating-log";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "aco-log-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("a rotating log", () => {
  it("goes on in the file that an earlier process wrote", () => {
    const path = join(dir, "logs", "a.log");
    new RotatingLog(path).write("one\n");
    new RotatingLog(path).write(Buffer.from("two\n"));
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
  });

  it("fills a file to its limit, and one byte past it begins the next", () => {
    const path = join(dir, "a.log");
    const log = new RotatingLog(path, 8);
    log.write("1234");
    log.write("5678");
    expect(existsSync(`${path}.1`)).toBe(false);
    log.write("9");
    expect(readFileSync(`${path}.1`, "utf8")).toBe("12345678");
    expect(readFileSync(path, "utf8")).toBe("9");
  });

  it("keeps one file before the current one, whatever was written", () => {
    const path = join(dir, "a.log");
    const log = new RotatingLog(path, 2);
    for (const text of ["aa", "bb", "cc", "dd"]) log.write(text);
    expect([readFileSync(`${path}.1`, "utf8"), readFileSync(path, "utf8")]).toEqual(["cc", "dd"]);
    expect(existsSync(`${path}.2`)).toBe(false);
    expect(log.tail()).toBe("aabbccdd");
  });
});
