import type { Failure } from "../../core/errors";
import type { JsonValue } from "../../core/json";
import { jsonBytes } from "../../core/json-size";
import { err, ok, type Result } from "../../core/result";
import type { MapNode } from "../../definition/graph-types";
import { renderFailure } from "../failures";
import type { NodeContext } from "./node-behaviour";

/** Items of one map. Each is some five events of history, so this many go through several runs. */
export const MAX_MAP_ITEMS = 10_000;
/** Of all items' JSON: they travel with the state when the run continues as new, within Temporal's 2 MiB. */
export const MAX_MAP_ITEMS_BYTES = 1_048_576;
/** Of one item's key, in UTF-16 units; it is to be read by people. */
const MAX_KEY_LENGTH = 200;

interface MapItems {
  readonly items: readonly JsonValue[];
  /** Null where the node has no `item_key`. */
  readonly keys: readonly string[] | null;
}

/** The items of a map, evaluated once, with their keys. */
export function mapItems({ config }: MapNode, context: NodeContext): Result<MapItems, Failure> {
  const items =
    typeof config.items === "string"
      ? context.evaluate(config.items, "/config/items")
      : context.render(config.items, "/config/items");
  if (!items.ok) return err(renderFailure(items.error));
  const list = items.value;
  if (!isList(list)) return err(invalid(`must give a list, but gives ${JSON.stringify(list).slice(0, 100)}`));
  if (list.length > MAX_MAP_ITEMS) return err(invalid(`gives ${list.length} items; at most ${MAX_MAP_ITEMS}`));
  const sizeBytes = jsonBytes(list);
  if (sizeBytes > MAX_MAP_ITEMS_BYTES)
    return err(invalid(`gives ${sizeBytes} bytes of JSON; at most ${MAX_MAP_ITEMS_BYTES}`));
  if (config.item_key === undefined) return ok({ items: list, keys: null });
  const keys = itemKeys(list, config.item_key, context);
  return keys.ok ? ok({ items: list, keys: keys.value }) : keys;
}

/** How many failed items are borne: a count, or a share of all, rounded down. */
export function failuresBorne(limit: number | string | undefined, total: number): number {
  if (typeof limit !== "string") return limit ?? 0;
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(limit)?.[1] ?? 0);
  return Math.floor((total * percent) / 100);
}

function itemKeys(
  items: readonly JsonValue[],
  expression: string,
  context: NodeContext,
): Result<readonly string[], Failure> {
  const indices = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const evaluated = context.evaluate(expression, "/config/item_key", { item, index });
    if (!evaluated.ok) return err(renderFailure(evaluated.error));
    const key = keyText(evaluated.value);
    if (key === null) return err(invalidKey(`must give text of 1 to ${MAX_KEY_LENGTH} characters`, index));
    const other = indices.get(key);
    if (other !== undefined) return err(invalidKey(`gives '${key}' for item ${other} as well`, index));
    indices.set(key, index);
  }
  return ok([...indices.keys()]);
}

function keyText(value: JsonValue): string | null {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.length > 0 && text.length <= MAX_KEY_LENGTH ? text : null;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function invalid(message: string): Failure {
  return { code: "ITEMS_INVALID", message: `/config/items: ${message}`, details: { pointer: "/config/items" } };
}

function invalidKey(message: string, index: number): Failure {
  const pointer = "/config/item_key";
  return { code: "ITEMS_INVALID", message: `${pointer}: ${message} (item ${index})`, details: { pointer, index } };
}
