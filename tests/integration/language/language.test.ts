import type { JsonObject } from "../../../src/core/json";
import { publishedSchema } from "../../../src/definition/published-schema";
import { startTestStack, type TestStack } from "../api-stack";
import { commonFieldScenarios } from "./common-fields";
import { type EchoServer, startEchoServer } from "./echo-server";
import { type Played, playScenario } from "./play-scenario";
import { readScenarios, type Scenario } from "./scenario";
import { languageOptions, usedOptions } from "./schema-options";
import { seen } from "./seen";

const FILES = ["definition", "tasks", "task-types", "bodies", "waiting", "paths"] as const;
const scenarios = [...readScenarios(...FILES), ...commonFieldScenarios()];

/** More runs at once take no less time on two cores, and make each of them slower than its timers expect. */
const IN_FLIGHT = 16;

let stack: TestStack;
let http: EchoServer;
const played = new Map<string, Promise<readonly Played[]>>();

beforeAll(async () => {
  stack = await startTestStack();
  http = await startEchoServer();
  const free = Array.from({ length: IN_FLIGHT }, () => Promise.resolve());
  for (const [at, scenario] of scenarios.entries()) {
    const turn = free[at % IN_FLIGHT] ?? Promise.resolve();
    const run = turn.then(() => playScenario(stack, scenario, http.address));
    played.set(scenario.scenario, run);
    free[at % IN_FLIGHT] = run.then(noResult, noResult);
  }
}, 120_000);
afterAll(async () => {
  await http?.close();
  await stack?.close();
}, 60_000);

const noResult = () => undefined;

describe("on a real server", () => {
  test.each(scenarios.map(({ scenario }) => scenario))("%s", async (name) => {
    for (const run of (await played.get(name)) ?? []) {
      const { expected } = run;
      const { failed, cancelled, refused, ...rest } = expected;
      const isRefused = refused !== undefined;
      const ended = isRefused ? "refused" : cancelled ? "cancelled" : failed ? `failed: ${failed}` : "completed";
      const found = await seen(stack, run);
      expect(found).toMatchObject({ ended, ...(isRefused ? { refused } : {}), ...rest });
      if ("output" in expected) expect(found.output).toEqual(expected.output);
    }
  });

  test("no two scenarios have one name", () => {
    expect(played.size).toBe(scenarios.length);
  });
});

test("every option of the published schema is used by a scenario", () => {
  const schema = publishedSchema();
  const used = new Set(scenarios.flatMap((scenario) => [...usedIn(schema, scenario)]));
  const options = [...languageOptions(schema)];
  expect(options.length).toBeGreaterThan(400);
  expect(options.filter((option) => !used.has(option))).toEqual([]);
});

/** Of definitions that are run: one whose run is refused shows nothing of what it does. */
function usedIn(schema: JsonObject, { definition, workflows, expect: end }: Scenario): readonly string[] {
  if (end.refused !== undefined) return [];
  return [definition, ...Object.values(workflows ?? {})].flatMap((each) => [...usedOptions(schema, each)]);
}
