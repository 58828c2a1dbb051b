import { defineSearchAttributeKey, type SearchAttributePair } from "@temporalio/common";
import { temporal } from "@temporalio/proto";
import { SEARCH_ATTRIBUTES } from "../workflows/history-contract";
import type { TemporalConnection } from "./connect";
import { unavailableWhenUnreachable } from "./grpc-errors";

const { INDEXED_VALUE_TYPE_KEYWORD } = temporal.api.enums.v1.IndexedValueType;

/** One of our search attributes, with its value, for a start. */
export function searchAttribute(name: keyof typeof SEARCH_ATTRIBUTES, value: string): SearchAttributePair {
  return { key: defineSearchAttributeKey(SEARCH_ATTRIBUTES[name], "KEYWORD"), value };
}

/**
 * Adds those of our search attributes that the namespace lacks; the embedded server is started with them. Needs the right
 * to change the namespace: where that is missing, the error names what an administrator has to add.
 */
export async function ensureSearchAttributes({
  connection,
  namespace,
}: TemporalConnection): Promise<readonly string[]> {
  return await unavailableWhenUnreachable("Temporal cannot be reached", async () => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = Object.values(SEARCH_ATTRIBUTES).filter((name) => customAttributes[name] === undefined);
    if (missing.length === 0) return [];
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD])),
    });
    return missing;
  });
}
