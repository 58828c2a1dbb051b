import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import type { ExecutionEvent } from "../../events/event-types";

/** What calls of language models took; both are sums. */
export interface Usage {
  readonly tokens: number;
  /** US dollars. */
  readonly cost: number;
}

export const NO_USAGE: Usage = { tokens: 0, cost: 0 };

/**
 * What an event says of tokens and costs: in `usage` of what a runner says, of an output, or of the `body` in an output of
 * `http`. The names are those that the APIs of OpenAI (`prompt_tokens`, `total_tokens`) and Anthropic (`input_tokens`) use.
 */
export function usageOf({ type, data }: ExecutionEvent): Usage | null {
  if (type === "PROGRESS" || type === "TOOL_RESULT") return readUsage(data["usage"]);
  if (type !== "NODE_COMPLETED") return null;
  const output = objectOf(data["output"]);
  const body = objectOf(output["body"]);
  return readUsage(output["usage"], output) ?? readUsage(body["usage"], body);
}

export function sum(a: Usage, b: Usage): Usage {
  return { tokens: a.tokens + b.tokens, cost: a.cost + b.cost };
}

/** `1,234 tokens  $0.0123`; empty where there are none. */
export function usageText({ tokens, cost }: Usage): string {
  const parts = [
    ...(tokens > 0 ? [`${tokens.toLocaleString("en-US")} tokens`] : []),
    ...(cost > 0 ? [`$${cost < 1 ? cost.toFixed(4) : cost.toFixed(2)}`] : []),
  ];
  return parts.join("  ");
}

const INPUT_TOKENS = [
  "input_tokens",
  "prompt_tokens",
  "cache_creation_input_tokens",
  "cache_read_input_tokens",
] as const;
const OUTPUT_TOKENS = ["output_tokens", "completion_tokens"] as const;
const COSTS = ["cost_usd", "total_cost_usd"] as const;

function readUsage(usage: JsonValue | undefined, beside: JsonObject = {}): Usage | null {
  if (!isJsonObject(usage)) return null;
  const counted = [...INPUT_TOKENS, ...OUTPUT_TOKENS].reduce((total, name) => total + amountOf(usage[name]), 0);
  const tokens = amountOf(usage["total_tokens"]) || counted;
  const cost = [...COSTS.map((name) => usage[name]), ...COSTS.map((name) => beside[name])].map(amountOf).find(Boolean);
  return tokens === 0 && cost === undefined ? null : { tokens, cost: cost ?? 0 };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function amountOf(value: JsonValue | undefined): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}
