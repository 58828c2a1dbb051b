import type Ajv2020 from "ajv/dist/2020";
import { _, type CodeKeywordDefinition } from "ajv/dist/2020";
import reference from "ajv/dist/vocabularies/core/ref";
import dynamicReference from "ajv/dist/vocabularies/dynamic/dynamicRef";
import type { JsonValue } from "../core/json";
import { canonicalJson } from "./canonical-json";

/**
 * References that one check of a value follows. A schema of forty lines can ask for the same thing 2^40 times by references
 * alone; without them the work is bounded by the sizes of schema and value. A list of 100,000 items follows one for each.
 */
export const MAX_REFERENCES = 200_000;

const TOO_MANY = new Error(`the schema follows more than ${MAX_REFERENCES} references`);

/** Of the check that goes on; checking is synchronous, so there is one at most. None outside of `withinReferences`. */
let left = 0;

function spendOne(): void {
  left -= 1;
  if (left < 0) throw TOO_MANY;
}

/** Runs a check, and throws where it follows too many references. */
export function withinReferences<T>(check: () => T): T {
  left = MAX_REFERENCES;
  try {
    return check();
  } finally {
    left = 0;
  }
}

/** Puts keywords in place of ajv's that a schema could keep busy for ever. */
export function boundWork(ajv: Ajv2020): Ajv2020 {
  for (const definition of [reference, dynamicReference] as readonly CodeKeywordDefinition[]) {
    ajv.removeKeyword(String(definition.keyword));
    ajv.addKeyword({
      ...definition,
      code: (context, ...rest) => {
        context.gen.code(_`${context.gen.scopeValue("func", { ref: spendOne })}()`);
        definition.code(context, ...rest);
      },
    });
  }
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword({
    keyword: "uniqueItems",
    type: "array",
    schemaType: "boolean",
    validate: (isAsked: boolean, items: readonly JsonValue[]) => !isAsked || areUnique(items),
    errors: false,
    error: { message: "must NOT have duplicate items" },
  });
  return ajv;
}

/** ajv compares each item with each other one. */
function areUnique(items: readonly JsonValue[]): boolean {
  return new Set(items.map(canonicalJson)).size === items.length;
}
