import type { JsonObject, JsonValue } from "../src/core/json";
import { err, type Result } from "../src/core/result";
import { fromJson } from "../src/definition/expressions/cel-values";
import { parseExpression } from "../src/definition/expressions/expression";
import { Fuel } from "../src/definition/expressions/fuel";
import type { WorkflowSnapshot } from "../src/definition/graph-types";
import { checkAgainstSchema } from "../src/definition/json-schema";
import { expressionText, renderTemplate } from "../src/definition/templates";
import type { NodeContext } from "../src/engine/nodes/node-behaviour";
import { NOW_MS } from "./run-graph";

export interface FakeContext {
  readonly nowMs?: number;
  readonly input?: JsonValue;
  /** The inbox; messages that are taken leave it. */
  readonly messages?: { readonly name: string; readonly payload: JsonValue }[];
  readonly workflows?: Readonly<Record<string, WorkflowSnapshot>>;
  /** What `nodes.THIS.output` is for a progress. */
  output?(progress: JsonValue | undefined): JsonObject;
}

/** What a behaviour sees of the engine, with real expressions over `input`, `nodes` and what the behaviour adds. */
export function nodeContext({ input = {}, messages = [], ...fake }: FakeContext = {}): NodeContext {
  const run = (
    source: string,
    extra: Readonly<Record<string, JsonValue>> = {},
    progress?: JsonValue,
  ): Result<JsonValue, { readonly message: string; readonly column?: number }> => {
    const parsed = parseExpression(source);
    if (!parsed.ok) return parsed;
    const all = { input, nodes: fake.output?.(progress) ?? {}, ...extra };
    const variables = Object.entries(all).map(([name, value]) => [name, fromJson(value)]);
    return parsed.value.evaluate(Object.fromEntries(variables), new Fuel());
  };
  return {
    nowMs: fake.nowMs ?? NOW_MS,
    task: () => undefined,
    workflow: (id) => fake.workflows?.[id],
    render: (template, pointer, extra) => renderTemplate(template, (source) => run(source, extra), pointer),
    evaluate: (text, pointer, extra, progress) => {
      const expression = expressionText(text);
      if (!expression.ok) return err({ ...expression.error, pointer });
      const result = run(expression.value.source, extra, progress);
      return result.ok ? result : err({ pointer, column: 1, ...result.error });
    },
    takeMessage: (name, schema) => {
      const position = messages.findIndex(
        (message) =>
          message.name === name && (schema === undefined || checkAgainstSchema(schema, message.payload).length === 0),
      );
      return position === -1 ? undefined : messages.splice(position, 1)[0];
    },
  };
}
