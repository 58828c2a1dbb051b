import { definitions } from "../../tests/generated-graphs";
import { fc } from "../../tests/property";
import { NOW_MS, snapshotOf } from "../../tests/run-graph";
import type { JsonObject } from "../core/json";
import { allNodes } from "../definition/bodies";
import type { DefinitionSnapshot } from "../definition/graph-types";
import type { NodeSeed } from "../engine/seeds";
import { mockKinds } from "../simulation/kinds";
import { parseMocks } from "../simulation/mocks";
import { Simulation } from "../simulation/simulation";
import { readPastRun } from "./past-run";
import { planRedrive } from "./plan-redrive";
import type { RedrivePlan, RedriveQuestion } from "./redrive-types";
import { handlerNodes, idOf } from "./trial-run";

const PAST = "01900000-0000-7000-8000-0000000000aa";
const NEW = "01900000-0000-7000-8000-0000000000bb";
const INPUT = { n: 3 };

/** Plays a run whose tasks give what `mocks` say. */
function play(snapshot: DefinitionSnapshot, mocks: JsonObject, seeds?: readonly NodeSeed[]) {
  const checked = parseMocks(mocks, mockKinds(snapshot.definition));
  if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  const simulation = new Simulation({
    snapshot,
    input: INPUT,
    executionId: seeds === undefined ? PAST : NEW,
    mocks: checked.value,
    nowMs: NOW_MS,
    isStrict: false,
    maxSteps: 20_000,
    ...(seeds === undefined ? {} : { seeds: { from: PAST, ends: seeds } }),
  });
  const outcome = simulation.run();
  return { outcome, events: simulation.world.history.events };
}

function question(snapshot: DefinitionSnapshot, past: ReturnType<typeof play>, from: readonly string[]) {
  return {
    executionId: PAST,
    past: readPastRun(past.events),
    before: snapshot,
    after: snapshot,
    input: INPUT,
    isInputNew: false,
    from,
    outputs: new Map(),
    nowMs: NOW_MS,
  } satisfies RedriveQuestion;
}

/** Instances that ran, without the tasks that undid them. */
const entered = (events: ReturnType<typeof play>["events"]) =>
  events.flatMap(({ type, nodeId }) =>
    type === "NODE_ENTERED" && nodeId !== undefined && !nodeId.endsWith("/compensate") ? [nodeId] : [],
  );

function planned(asked: RedriveQuestion): RedrivePlan | undefined {
  const plan = planRedrive(asked);
  return plan.ok ? plan.value : undefined;
}

/** Nodes whose results differ by the order in which they come are left out of sound graphs; each says who it is. */
function namedOutputs(snapshot: DefinitionSnapshot): JsonObject {
  const tasks = allNodes(snapshot.definition).filter(
    ({ node }) => node.type === "task" || (node.type === "map" && node.config.task !== undefined),
  );
  return Object.fromEntries(tasks.map(({ node }) => [node.id, { output: { by: node.id }, after: "1s" }]));
}

function someFail(snapshot: DefinitionSnapshot, choices: readonly number[]): JsonObject {
  const mocks = namedOutputs(snapshot);
  const failing = Object.keys(mocks).filter((_, index) => (choices[index % choices.length] ?? 0) % 4 === 0);
  return {
    ...mocks,
    ...Object.fromEntries(failing.map((id) => [id, { error: { code: "HTTP_STATUS", retryable: false } }])),
  };
}

describe("a redrive of a generated graph", () => {
  test("from any node, with the same results, ends with the same output", () => {
    let redrives = 0;
    fc.assert(
      fc.property(definitions({ isSound: true }), fc.nat(), (definition, choice) => {
        const snapshot = snapshotOf(definition);
        const mocks = namedOutputs(snapshot);
        const past = play(snapshot, mocks);
        const handlers = handlerNodes(snapshot.definition);
        const nodes = allNodes(snapshot.definition).filter(({ node }) => !handlers.has(node.id));
        const from = nodes[choice % Math.max(1, nodes.length)]?.node.id;
        if (from === undefined) return;
        const plan = planned(question(snapshot, past, [from]));
        expect(plan).toBeDefined();
        const seeds = plan?.seeds ?? [];
        const again = play(snapshot, mocks, seeds);
        expect(again.outcome).toEqual(past.outcome);
        const ran = new Set(entered(again.events));
        expect(seeds.filter(({ nodeId }) => ran.has(nodeId))).toEqual([]);
        const wanted = entered(past.events).filter((id) => id.split(/[[#]/)[0] === from);
        expect(wanted.filter((id) => !ran.has(id))).toEqual([]);
        redrives += 1;
      }),
      { numRuns: 150 },
    );
    expect(redrives).toBeGreaterThan(100);
  });

  test("that failed, where nothing fails any more, runs nothing that it reuses and comes to an end", () => {
    fc.assert(
      fc.property(definitions({ isSound: false }), fc.array(fc.nat(), { minLength: 5 }), (definition, choices) => {
        const snapshot = snapshotOf(definition);
        const past = play(snapshot, someFail(snapshot, choices));
        const plan = planned(question(snapshot, past, []));
        if (plan === undefined) return;
        const again = play(snapshot, namedOutputs(snapshot), plan.seeds);
        const ran = new Set(entered(again.events));
        expect(plan.seeds.filter(({ nodeId }) => ran.has(nodeId))).toEqual([]);
        expect(["completed", "failed", "waiting", "cancelled"]).toContain(again.outcome.status);
        // What is said to be reused is not entered, except what decides once more.
        const reused = plan.nodes.filter(({ action, reason }) => action === "REUSED" && !reason.includes("once more"));
        expect(reused.filter(({ nodeId }) => [...ran].some((id) => idOf(id) === nodeId))).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });
});
