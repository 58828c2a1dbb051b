import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { REPOSITORY } from "../repository";
import { processesNaming, waitFor } from "./aco-process";

jest.setTimeout(180_000);

test("the demo shows a run with parallel branches, says where to look, and leaves nothing running", async () => {
  const child = spawn(process.execPath, [path.join(REPOSITORY, "scripts", "demo.mjs")], { cwd: REPOSITORY });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  }
  const [code] = await once(child, "close");
  expect(text).toMatch(/\$ aco run examples\/build-and-test\.yaml/);
  expect(text).toMatch(/lint +\|.*fine/);
  expect(text).toMatch(/"greeting":"Hello, world!\\n"/);
  expect(text).toMatch(/npx aco server start-dev --data-dir \.aco\/demo/);
  expect(text).toMatch(/npx aco execution watch [0-9a-f-]{36}/);
  expect(code).toBe(0);
  const dataDir = path.join(REPOSITORY, ".aco", "demo");
  await waitFor(async () => (await processesNaming(dataDir)).length === 0, 15_000);
});
