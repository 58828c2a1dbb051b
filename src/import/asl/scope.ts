import type { Issues } from "../issues";
import type { Value } from "../value";

/** What the expressions of a state see. */
export interface Scope {
  /** `$` of JSONPath, after InputPath; `$states.input`. */
  readonly input: Value;
  /** `$states.result` */
  readonly result?: Value;
  /** `$states.errorOutput` */
  readonly errorOutput?: Value;
  /** `$$` of JSONPath; `$states.context` */
  readonly context: Value;
  readonly variables: ReadonlyMap<string, Value>;
  readonly issues: Issues;
}

/** Something that has no counterpart. Thrown inside one field of the source, where the field's reader catches it. */
export class NotMapped extends Error {
  override readonly name = "NotMapped";
}

/** By name: a class does not survive Jest's module registry. */
export function isNotMapped(error: unknown): error is NotMapped {
  return error instanceof Error && error.name === "NotMapped";
}
