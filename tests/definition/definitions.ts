import type { JsonObject, JsonValue } from "../../src/core/json";
import type { Problem } from "../../src/definition/graph-types";
import { parseDefinition } from "../../src/definition/parse-definition";

export const TASK_ID = "01900000-0000-7000-8000-0000000000aa";

/** A node of one inline task. */
export const shell = (id: string, command = "true", more: JsonObject = {}): JsonObject => ({
  id,
  type: "task",
  config: { task_type: "shell", config: { command } },
  ...more,
});

export const node = (id: string, type: string, config: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  id,
  type,
  config,
  ...more,
});

/** An edge; `from` and `to` as in `a -> b`. */
export function edge(way: string, more: JsonObject = {}): JsonObject {
  const [source = "", target = ""] = way.split(" -> ");
  return { source, target, ...more };
}

export function graph(
  nodes: readonly JsonValue[],
  edges: readonly JsonValue[] = [],
  more: JsonObject = {},
): JsonObject {
  return { nodes, edges, ...more };
}

export function problemsOf(value: unknown): readonly Problem[] {
  const parsed = parseDefinition(value);
  return parsed.ok ? [] : parsed.error;
}

/** `CODE /pointer`, and `(suggestion)` where there is one. */
export const found = (value: unknown): readonly string[] =>
  problemsOf(value).map(
    ({ code, pointer, suggestion }) => `${code} ${pointer}${suggestion === undefined ? "" : ` (${suggestion})`}`,
  );

const bodyOf = (id: string, more: JsonObject = {}) => graph([shell(id)], [], more);
const inner = (levels: number): JsonObject =>
  levels === 0 ? bodyOf("deepest") : graph([node(`m${levels}`, "map", { items: "[1]", body: inner(levels - 1) })]);

/** Definitions with nothing wrong in them; between them they have every kind and every field of the language. */
export const VALID_DEFINITIONS: Readonly<Record<string, JsonObject>> = {
  "the older shape": {
    nodes: [
      { id: "a", type: "task", config: { task_id: TASK_ID } },
      { id: "b", type: "task", config: { task_id: TASK_ID } },
    ],
    edges: [{ source: "a", target: "b", condition: null }],
  },
  "nodes alone": { nodes: [shell("a")] },
  "everything that a definition may say": {
    version: 1,
    ...graph([shell("a")], [], { output: "${{ nodes.a.output.stdout }}" }),
    input_schema: { type: "object", properties: { branch: { type: "string" } } },
    output_schema: { type: "string" },
    defaults: { retry: { max_attempts: 2 }, timeout: "5m", priority: 2, lane: "fast" },
    timeout: "1d",
    on_failure: graph([shell("tell", "echo ${{ error.code }} ${{ nodes.a.status }}")]),
    finally: graph([shell("clean", "echo ${{ error == null ? 'fine' : error.message }}")]),
    concurrency: { key: "build ${{ input.branch }}", on_conflict: "replace" },
    labels: { team: "core", "cost-centre": "" },
  },
  "everything that a node may say": graph(
    [
      shell("a", "make", {
        name: "Make",
        when: "has(input.make)",
        catch: { output: { why: "${{ error.details }}" }, codes: ["SHELL_*"] },
        retry: { max_attempts: 3, initial_interval: "1s", max_interval: "1m", backoff: 2, non_retryable: ["X"] },
        timeout: { attempt: "1m", total: "1h", heartbeat: "10s" },
        compensate: { task_type: "shell", config: { command: "unmake ${{ nodes.a.output.stdout }}" } },
        cache: { key: "make ${{ input.make }}", ttl: "1d" },
        priority: 1,
        lane: "standard",
      }),
      { id: "b", type: "task", config: { task_id: TASK_ID, override: { env: { A: "${{ nodes.a.output.why }}" } } } },
      shell("c", "true", { join: 2, join_rest: "cancel" }),
      shell("d", "true", { join: "any", join_rest: "continue" }),
      shell("e", "true", { join: "all" }),
    ],
    ["a -> b", "a -> c", "b -> c", "b -> d", "c -> d", "c -> e"].map((way) => edge(way)),
  ),
  "a switch, with else and edges for failures": graph(
    [
      node("pick", "switch", {
        cases: [
          { name: "big", when: "input.n > 10" },
          { name: "small", when: "${{ input.n < 3 }}" },
        ],
      }),
      shell("big"),
      shell("small"),
      shell("other"),
      shell("broken", "echo ${{ nodes.pick.error.code }}"),
      shell("last", "echo ${{ nodes.pick.output.cases[0] }}"),
    ],
    [
      edge("pick -> big", { case: "big" }),
      edge("pick -> small", { case: "small" }),
      edge("pick -> other", { else: true }),
      edge("pick -> broken", { error: "EXPRESSION_*" }),
      edge("big -> last", { on: "always" }),
      edge("small -> last", { on: "success", condition: "nodes.small.output.exit_code == 0" }),
      edge("other -> last"),
    ],
  ),
  maps: graph(
    [
      node("each", "map", {
        items: "input.files",
        concurrency: 5,
        max_failures: "10%",
        item_key: "item.name + string(index)",
        body: graph([shell("one", "cat ${{ item.name }} ${{ index }} ${{ key }}")], [], {
          output: { text: "${{ nodes.one.output.stdout }}" },
        }),
      }),
      node(
        "short",
        "map",
        {
          items: ["${{ nodes.each.output.outputs[0].text }}", "b"],
          max_failures: 1,
          task: { task_type: "http", config: { url: "https://example.com/${{ item }}" } },
        },
        { retry: { max_attempts: 2 }, timeout: { attempt: "10s", total: "10m" } },
      ),
      node("stored", "map", { items: "[1, 2]", task: { task_id: TASK_ID } }, { timeout: "1h" }),
    ],
    [edge("each -> short")],
  ),
  loops: graph([
    node(
      "poll",
      "loop",
      {
        while: "iteration < 3 || nodes.poll.output == null",
        until: "nodes.poll.output.ask.exit_code == 0",
        max_iterations: 10,
        delay: "1s",
        body: graph([shell("ask", "echo ${{ iteration }} ${{ nodes.poll.output.ask.stdout }}")]),
      },
      { timeout: { total: "1h" } },
    ),
  ]),
  "a back edge": graph(
    [
      shell("write", "echo ${{ nodes.review.output.form.remarks }}"),
      node("review", "approval", {
        message: "Look at ${{ nodes.write.output.stdout }}",
        schema: { type: "object", properties: { remarks: { type: "string" } } },
        approvers: ["ada@example.com"],
        timeout: "7d",
        on_timeout: "reject",
        on_reject: "continue",
      }),
      shell("publish"),
    ],
    [
      edge("write -> review"),
      edge("review -> write", { loop: true, max: 3, condition: "!nodes.review.output.approved" }),
      edge("review -> publish"),
    ],
  ),
  "an edge back to its own source": graph([shell("a")], [edge("a -> a", { loop: true, max: 2, on: "error" })]),
  "waits, messages and other workflows": graph(
    [
      node("pause", "wait", { duration: "${{ input.pause }}" }),
      node("short", "wait", { duration: "90s" }),
      node("date", "wait", { until: "2030-01-31T09:00:00+01:00" }),
      node("later", "wait", { until: "${{ timestamp(input.at) + duration('1h') }}" }),
      node("paid", "signal", {
        name: "payment.received",
        schema: { type: "object", properties: { amount: { type: "number" } } },
        timeout: "30d",
      }),
      node(
        "child",
        "workflow",
        { workflow_id: TASK_ID, input: { amount: "${{ nodes.paid.output.amount * 2 }}" } },
        {
          timeout: "1h",
        },
      ),
      node("sum", "transform", { output: { child: "${{ nodes.child.output.anything.at.all }}" } }),
    ],
    ["pause -> short", "short -> date", "date -> later", "later -> paid", "paid -> child", "child -> sum"].map((way) =>
      edge(way),
    ),
  ),
  "early ends": graph(
    [
      node("done", "end", { output: { n: "${{ input.n }}" } }, { when: "input.n > 3" }),
      node("stop", "fail", { code: "TOO_SMALL", message: "n is ${{ input.n }}", details: ["${{ input.n }}"] }),
    ],
    [edge("done -> stop")],
  ),
  "graphs in graphs, as deep as they may be": inner(8),
};
