import type { JsonObject } from "../core/json";

/** What is known of the stored tasks and workflows that a definition names. Ids are in lower case. */
export interface StoredParts {
  readonly tasks: ReadonlyMap<string, StoredTask>;
  readonly workflows: ReadonlyMap<string, StoredWorkflow>;
}

export interface StoredTask {
  readonly taskType: string;
  readonly config: JsonObject;
}

export interface StoredWorkflow {
  readonly name: string;
  /** Absent where it takes any input. */
  readonly inputSchema?: JsonObject | undefined;
}

/** Where there is no store to ask, or not yet. */
export const NOTHING_STORED: StoredParts = { tasks: new Map(), workflows: new Map() };
