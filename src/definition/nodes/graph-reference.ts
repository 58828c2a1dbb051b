import { z } from "zod";

/** Stand-ins for graphs inside graphs, which the parser checks one by one and the published schema refers to. */
const references = new Set<unknown>();

/** A graph in its place in a node or a definition. */
export function graphReference(description: string): z.ZodType {
  const schema = z.record(z.string(), z.unknown()).describe(description);
  references.add(schema);
  return schema;
}

export function isGraphReference(schema: unknown): boolean {
  return references.has(schema);
}
