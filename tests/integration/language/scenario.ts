import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { JsonObject, JsonValue } from "../../../src/core/json";

/**
 * A definition, what is done to its run from outside, and what comes of it. In texts of the definition `<NAME>` stands for the
 * id of one of the scenario's tasks or workflows, and `<http>` for the address of a web server.
 */
export interface Scenario {
  /** A sentence about what the language does. */
  readonly scenario: string;
  /** As a file holds it. */
  readonly definition: JsonObject;
  readonly input?: JsonValue;
  /** Tasks that are stored before, by name. */
  readonly tasks?: Readonly<Record<string, { readonly task_type: string; readonly config: JsonObject }>>;
  /** Workflows that are stored before, by name. */
  readonly workflows?: Readonly<Record<string, JsonObject>>;
  /** Done one after another; `at` waits until that node has been entered. */
  readonly outside?: readonly Step[];
  readonly expect: Expected;
}

export type Step = { readonly at?: string } & (
  | {
      readonly message: { readonly name: string; readonly payload?: JsonValue };
      /** The gRPC status by which it is refused. */
      readonly refused?: string;
    }
  | {
      readonly answer: {
        readonly approved: boolean;
        readonly by?: string;
        readonly comment?: string;
        readonly form?: JsonValue;
      };
      readonly at: string;
      readonly refused?: string;
    }
  | { readonly cancel: string }
  /** Another run of the same workflow; the next step is done when it has ended or waits for its turn. */
  | { readonly again: { readonly input?: JsonValue; readonly expect: Expected } }
);

/** How a run ends, completed where nothing else is said, and what may be seen on the way. */
export interface Expected {
  readonly output?: JsonValue;
  /** Code of the failure. */
  readonly failed?: string;
  readonly details?: JsonValue;
  /** For a person. */
  readonly error?: string;
  readonly cancelled?: true;
  /** Fields for which the run is not even started. */
  readonly refused?: readonly string[];
  /** By instance id, as all below. */
  readonly nodes?: Readonly<Record<string, "completed" | "failed" | "skipped" | "cancelled">>;
  readonly outputs?: Readonly<Record<string, JsonValue>>;
  readonly inputs?: Readonly<Record<string, JsonValue>>;
  /** Events that come one after another, others between them: `NODE_ENTERED a`. */
  readonly order?: readonly string[];
  /** Events that do not come. */
  readonly never?: readonly string[];
  /** What Temporal was told of a task's activity; null where the task ran without one. */
  readonly activities?: Readonly<Record<string, JsonObject | null>>;
  /** Took their results from the cache. */
  readonly cached?: readonly string[];
  readonly names?: Readonly<Record<string, string>>;
  readonly waited_for_its_turn?: true;
  readonly at_least_ms?: number;
  /** What is kept beside the definition, and its labels. */
  readonly record?: JsonObject;
}

export function readScenarios(...names: readonly string[]): readonly Scenario[] {
  const read = (name: string): unknown => parse(readFileSync(join(__dirname, `${name}.yaml`), "utf8"), { merge: true });
  return names.flatMap((name) => read(name) as readonly Scenario[]);
}

/** The definition with what `<NAME>` stands for; text in angle brackets that names nothing stays. */
export function filledIn(definition: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  const text = JSON.stringify(definition).replace(/<(\w+)>/g, (whole, name: string) => names.get(name) ?? whole);
  return JSON.parse(text) as JsonObject;
}
