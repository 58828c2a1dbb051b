import fs from "node:fs";
import path from "node:path";

/** From package.json, which lies two folders up both of `src/cli` and of `dist/cli`. */
export function readVersion(): string {
  const text = fs.readFileSync(path.join(__dirname, "..", "..", "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
