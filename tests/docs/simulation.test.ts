import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { simulate } from "../../src/simulation/simulate";
import { REPOSITORY } from "../repository";

const page = fs.readFileSync(path.join(REPOSITORY, "docs/simulation.md"), "utf8");
const [definition, mocks] = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text]) => parse(text ?? ""));

test("the definition and the mocks of docs/simulation.md do what it says", () => {
  const report = simulate(definition, { mocks });
  expect(report).toMatchObject({
    outcome: { status: "completed" },
    notMocked: [],
    unusedMocks: [],
    refused: [],
    durationMs: 2_000 + 10_000 + 1_000 + 3 * 86_400_000 + 3_600_000,
  });
  expect(report.path).toContainEqual(expect.objectContaining({ id: "fetch", attempts: 2 }));
  expect(report.path).toContainEqual(expect.objectContaining({ id: "each[1]", status: "failed" }));
  expect(report.path.find(({ id }) => id === "each")?.output).toMatchObject({ failed: [{ index: 1 }] });
});
