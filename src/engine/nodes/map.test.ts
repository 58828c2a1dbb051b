import { nodeContext } from "../../../tests/node-context";
import { completed, failed, outcome, run, task } from "../../../tests/run-graph";
import type { JsonValue } from "../../core/json";
import type { MapNode } from "../../definition/graph-types";
import { viewNodes } from "../engine";
import { mapBehaviour } from "./map";
import { MAX_MAP_ITEMS } from "./map-items";
import type { BodyOutcome, NodeAction, NodeEffect } from "./node-behaviour";

const nodeWith = (config: Partial<MapNode["config"]>): MapNode => ({
  id: "m",
  type: "map",
  config: { items: "input", body: { nodes: [], edges: [] }, ...config },
});

/** A map under way: what it has started, and what it says next. */
class Running {
  readonly #node: MapNode;
  readonly effects: NodeEffect[] = [];
  action: NodeAction;

  constructor(config: Partial<MapNode["config"]>, input: JsonValue) {
    this.#node = nodeWith(config);
    this.action = this.#take(mapBehaviour.enter(this.#node, nodeContext({ input })));
  }

  get startedItems(): readonly string[] {
    return this.effects.flatMap((effect) => (effect.type === "start_body" ? [effect.suffix] : []));
  }

  get items() {
    return this.action.type === "wait" ? mapBehaviour.items?.(this.action.progress) : undefined;
  }

  end(index: number, outcome: BodyOutcome): this {
    if (this.action.type !== "wait") throw new Error("has ended");
    const event = { type: "body_ended", suffix: `[${index}]`, outcome } as const;
    const action = mapBehaviour.resume?.(this.#node, nodeContext(), this.action.progress, event);
    if (action !== undefined) this.action = this.#take(action);
    return this;
  }

  #take(action: NodeAction): NodeAction {
    if (action.type === "wait") this.effects.push(...(action.effects ?? []));
    return action;
  }
}

const gives = (output: JsonValue): BodyOutcome => ({ status: "completed", output });
const fails: BodyOutcome = { status: "failed", failure: { code: "HTTP_STATUS", message: "got 500" } };

test("keeps outputs in the order of the items, whatever the order in which they end", () => {
  const map = new Running({}, ["a", "b", "c"]);
  expect(map.action).toMatchObject({ type: "wait", input: { items: 3 } });
  expect(map.effects[1]).toEqual({ type: "start_body", suffix: "[1]", variables: { item: "b", index: 1 } });
  map.end(2, gives("C")).end(0, gives("A"));
  expect(map.items).toEqual({ total: 3, ended: 2, failed: 0 });
  expect(map.end(1, gives("B")).action).toEqual({
    type: "complete",
    output: { outputs: ["A", "B", "C"], failed: [] },
  });
});

test("has no more items under way than its concurrency, and starts them in order", () => {
  const map = new Running({ concurrency: 2 }, [1, 2, 3, 4]);
  expect(map.startedItems).toEqual(["[0]", "[1]"]);
  expect(map.end(1, gives(null)).startedItems).toEqual(["[0]", "[1]", "[2]"]);
  map.end(0, gives(null));
  expect(map.startedItems).toEqual(["[0]", "[1]", "[2]", "[3]"]);
  expect(new Running({}, Array(20).fill(0)).startedItems).toHaveLength(10);
});

test("bears as many failures as it says, and lists them", () => {
  const map = new Running({ max_failures: 1, item_key: "item.id" }, [{ id: "x" }, { id: "y" }]);
  expect(map.effects[1]).toMatchObject({ variables: { index: 1, key: "y" } });
  expect(map.end(1, fails).end(0, gives(7)).action).toEqual({
    type: "complete",
    output: { outputs: [7, null], failed: [{ index: 1, key: "y", code: "HTTP_STATUS", message: "got 500" }] },
  });
});

test("one failure too many fails it, and with it what runs", () => {
  const map = new Running({ max_failures: 1, concurrency: 3 }, [1, 2, 3, 4]).end(0, gives(0));
  expect(map.startedItems).toHaveLength(4);
  expect(map.end(3, fails).action.type).toBe("wait");
  expect(map.end(1, fails).action).toEqual({
    type: "fail",
    failure: {
      code: "MAP_FAILED",
      message: "2 of 4 items failed, 1 are borne; item 1: got 500",
      details: {
        failed: [
          { index: 1, code: "HTTP_STATUS", message: "got 500" },
          { index: 3, code: "HTTP_STATUS", message: "got 500" },
        ],
      },
    },
  });
});

test.each([
  ["10%", 1],
  ["19.9%", 1],
  ["9%", 0],
  ["100%", 10],
  [undefined, 0],
] as const)("bears of ten items with max_failures %p: %p", (max_failures, borne) => {
  const map = new Running(max_failures === undefined ? {} : { max_failures }, Array(10).fill(0));
  for (let index = 0; index < borne; index += 1) map.end(index, fails);
  for (let index = borne; index < 10; index += 1) map.end(index, gives(0));
  expect(map.action.type).toBe("complete");
  if (borne === 10) return;
  const worse = new Running(max_failures === undefined ? {} : { max_failures }, Array(10).fill(0));
  for (let index = 0; index <= borne; index += 1) worse.end(index, fails);
  expect(worse.action).toMatchObject({ type: "fail", failure: { code: "MAP_FAILED" } });
});

test("an empty list completes it at once", () => {
  expect(new Running({}, []).action).toEqual({ type: "complete", output: { outputs: [], failed: [] } });
});

test("items may be a list of templates", () => {
  const map = new Running({ items: ["${{ input.a }}", 2] }, { a: { b: 1 } });
  expect(map.effects).toMatchObject([{ variables: { item: { b: 1 } } }, { variables: { item: 2 } }]);
});

test.each([
  ["no list", { items: "input" }, { a: 1 }, "/config/items: must give a list"],
  ["too many items", { items: "input" }, Array(MAX_MAP_ITEMS + 1).fill(0), "gives 10001 items; at most 10000"],
  ["too many bytes", { items: "input" }, ["x".repeat(1_048_576)], "bytes of JSON; at most 1048576"],
  ["a key twice", { item_key: "item" }, ["a", "b", "a"], "/config/item_key: gives 'a' for item 0 as well (item 2)"],
  ["a key that is no text", { item_key: "[item]" }, ["a"], "must give text of 1 to 200 characters (item 0)"],
])("%s fails it with ITEMS_INVALID", (_what, config, input, message) => {
  expect(new Running(config, input).action).toMatchObject({
    failure: { code: "ITEMS_INVALID", message: expect.stringContaining(message) },
  });
});

test("as many items as there may be are taken", () => {
  expect(new Running({}, Array(MAX_MAP_ITEMS).fill(0)).items).toMatchObject({ total: MAX_MAP_ITEMS });
});

test("outputs that are together too large stop it early", () => {
  const map = new Running({ concurrency: 1 }, [1, 2, 3, 4]);
  map.end(0, gives("x".repeat(1_500_000)));
  expect(map.end(1, gives("x".repeat(1_500_000))).action).toMatchObject({ failure: { code: "OUTPUT_TOO_LARGE" } });
});

test("ten thousand items are taken, and what is carried of those that have started is little", () => {
  const count = MAX_MAP_ITEMS;
  const map = new Running({ concurrency: 1_000, item_key: "string(index)" }, Array(count).fill("0123456789"));
  for (let index = 0; index < count; index += 1) map.end(index, index % 2 === 0 ? gives(index) : gives(null));
  expect(map.action).toMatchObject({ type: "complete" });
  expect(map.startedItems).toHaveLength(count);
});

test("an item's failure is kept short", () => {
  const map = new Running({ max_failures: 1 }, [1]);
  const failure = { code: "X", message: "y".repeat(10_000) };
  const { action } = map.end(0, { status: "failed", failure });
  expect(JSON.stringify(action).length).toBeLessThan(1_000);
});

test("in a run, each item's tasks run under ids of their own", () => {
  const body = { nodes: [task("b", { command: "do ${{ item }} ${{ index }}" })] };
  const definition = {
    nodes: [{ id: "m", type: "map", config: { items: "input", concurrency: 2, max_failures: 1, body } }],
  };
  const input = ["x", "y", "z"];
  expect(run(definition, [], input).commands).toMatchObject([
    { activityId: "b[0]", config: { command: "do x 0" } },
    { activityId: "b[1]", config: { command: "do y 1" } },
  ]);
  const second = run(definition, [failed("b[1]")], input);
  expect(second.commands).toMatchObject([{ activityId: "b[2]" }]);
  expect(viewNodes(second.state)[0]).toMatchObject({ id: "m", items: { total: 3, ended: 1, failed: 1 } });
  const ended = run(definition, [failed("b[1]"), completed("b[2]", 2), completed("b[0]", 0)], input);
  expect(outcome(ended)).toMatchObject({
    output: { m: { outputs: [{ b: 0 }, null, { b: 2 }], failed: [{ index: 1, code: "SHELL_EXIT_CODE" }] } },
  });
});
