import type { JsonObject } from "../src/core/json";
import type { Drawing } from "../src/drawing/drawing";
import { type DrawingOptions, readDrawing } from "../src/drawing/read-drawing";

const shell = { task_type: "shell", config: {} };

/** Every kind of node and every sign of an edge, small enough to check by hand. */
export const ALL_KINDS: JsonObject = {
  nodes: [
    { id: "build", type: "task", name: "Build it", config: shell, retry: { max_attempts: 3 } },
    { id: "plan", type: "transform", config: { output: 1 } },
    { id: "route", type: "switch", config: { cases: [{ name: "fast", when: "input.fast" }] } },
    { id: "ask", type: "approval", config: { message: "Go?", timeout: "2h" } },
    { id: "sleep", type: "wait", join: "any", config: { duration: "30s" } },
    { id: "hear", type: "signal", config: { name: "go" } },
    {
      id: "each",
      type: "map",
      config: {
        items: "${{ input.items }}",
        body: {
          nodes: [
            { id: "inner", type: "task", config: shell, compensate: shell },
            {
              id: "poll",
              type: "loop",
              config: {
                until: "true",
                max_iterations: 5,
                body: { nodes: [{ id: "probe", type: "task", config: shell }] },
              },
            },
          ],
          edges: [{ source: "inner", target: "poll" }],
        },
      },
    },
    { id: "child", type: "workflow", config: { workflow_id: "w1" } },
    { id: "bad", type: "fail", config: { code: "NO", message: "refused" } },
    { id: "done", type: "end", config: {} },
  ],
  edges: [
    { source: "build", target: "plan" },
    { source: "plan", target: "route" },
    { source: "route", target: "sleep", case: "fast" },
    { source: "route", target: "ask", else: true },
    { source: "ask", target: "bad", on: "error" },
    { source: "ask", target: "sleep", condition: "${{ nodes.ask.output.approved }}" },
    { source: "ask", target: "plan", loop: true, max: 3 },
    { source: "sleep", target: "hear" },
    { source: "hear", target: "each" },
    { source: "each", target: "child", on: "always" },
    { source: "child", target: "done" },
  ],
  on_failure: { nodes: [{ id: "page", type: "task", config: shell }], edges: [] },
  finally: { nodes: [{ id: "tidy", type: "task", config: shell }], edges: [] },
};

/** What a text of a user may try to be in any of the formats. */
export const HOSTILE =
  `x"]; evil --> n1; %%{init: {}}%% </text><script>alert(1)</script> &quot; \\" \\N #quot; \`b\` ` +
  "]]> <!-- ${{ x }} style a:#1; \u001b[31m\u0000\u202e\ud800 ' | } -> end";

export const HOSTILE_DEFINITION: JsonObject = {
  nodes: [
    { id: "end", type: "task", name: HOSTILE, config: { task_type: HOSTILE, config: {} } },
    { id: 'q"\\', type: HOSTILE, config: {} },
    { id: "m", type: "map", name: HOSTILE, config: { items: HOSTILE, body: { nodes: [{ id: "n0", type: "fail" }] } } },
  ],
  edges: [
    { source: "end", target: 'q"\\', condition: HOSTILE },
    { source: 'q"\\', target: "m", error: HOSTILE },
  ],
};

export function drawingOf(definition: JsonObject, options: Partial<DrawingOptions> = {}): Drawing {
  const drawing = readDrawing(definition, { title: "Release", ...options });
  if (!drawing.ok) throw new Error(drawing.error.join("\n"));
  return drawing.value;
}

/** 2,000 nodes: a chain, a fan out and in, or edges at random (always the same ones). */
export function largeDefinition(shape: "chain" | "fan" | "random", count = 2_000): JsonObject {
  const edges: JsonObject[] = [];
  let seed = 1;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const edge = (source: number, target: number, on: string) =>
    edges.push({ source: `n${source}`, target: `n${target}`, on });
  for (let index = 1; index < count; index += 1) {
    if (shape === "chain") edge(index - 1, index, "success");
    if (shape === "fan" && index < count - 1) {
      edge(0, index, "success");
      edge(index, count - 1, "success");
    }
    if (shape === "random")
      for (let more = 0; more < 1 + random() * 2; more += 1)
        edge(
          Math.max(0, index - 1 - Math.floor(random() * 30)),
          index,
          more === 1 && index % 3 === 0 ? "error" : "success",
        );
  }
  return {
    nodes: Array.from({ length: count }, (_, index) => ({ id: `n${index}`, type: "task", config: shell })),
    edges,
  };
}
