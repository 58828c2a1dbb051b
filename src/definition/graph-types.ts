import type { JsonObject, JsonValue } from "../core/json";

/** The definition language, version 1, as it stands in JSON. `docs/definition.md` teaches it. */
export interface Definition {
  readonly version: 1;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly Edge[];
  /** JSON Schema, draft 2020-12, that the input of a run must match. */
  readonly input_schema?: JsonObject;
  /** JSON Schema, draft 2020-12, that the output of a run must match. */
  readonly output_schema?: JsonObject;
  /** Template of the run's output; by default `{NODE_ID: output}` of the nodes at which the run ended. */
  readonly output?: JsonValue;
}

/** A node of any kind. Each kind is one file in `src/definition/nodes/` and one in `src/engine/nodes/`. */
export type GraphNode = TaskNode;

export interface TaskNode {
  /** `[A-Za-z_][A-Za-z0-9_-]{0,63}`, unique in the graph. */
  readonly id: string;
  readonly type: "task";
  /** For people; the id where absent. */
  readonly name?: string;
  readonly config: StoredTask | InlineTask;
  readonly retry?: RetryConfig;
  readonly timeout?: TimeoutConfig | string;
}

export interface StoredTask {
  readonly task_id: string;
  /** Rendered, then merged (RFC 7396) over the stored config, which is itself not rendered. */
  readonly override?: JsonObject;
}

export interface InlineTask {
  readonly task_type: string;
  /** Rendered whole. */
  readonly config: JsonObject;
}

/** Absent fields take the task type's defaults. */
export interface RetryConfig {
  /** Attempts in all, from 1. A lost worker does not use one up. */
  readonly max_attempts?: number;
  readonly initial_interval?: string;
  readonly max_interval?: string;
  /** Factor between one interval and the next, from 1. */
  readonly backoff?: number;
  /** Failure codes that are not tried again. */
  readonly non_retryable?: readonly string[];
}

/** Durations. A bare string in place of this object is `attempt`. */
export interface TimeoutConfig {
  /** Of one attempt. */
  readonly attempt?: string;
  /** Of all attempts and the waits between them. */
  readonly total?: string;
  /** Silence after which the worker counts as lost. */
  readonly heartbeat?: string;
}

export interface Edge {
  readonly source: string;
  readonly target: string;
  /** CEL; the edge is taken where it is true. Bare, or in `${{ }}`. */
  readonly condition?: string;
  /** Which end of the source the edge follows; `success` where absent. */
  readonly on?: "success" | "error" | "always";
}

/** A stored task as it stood when the run was started. */
export interface TaskSnapshot {
  readonly taskType: string;
  readonly title: string;
  readonly config: JsonObject;
  readonly workspacePath: string;
}

declare const valid: unique symbol;

/** A definition that the parser has checked. `parseDefinition` is its only maker, so an unchecked graph cannot be run. */
export type ValidDefinition = Definition & { readonly [valid]: true };

/** All that a run needs to know of what it runs; later edits of the workflow or its tasks never reach it. */
export interface DefinitionSnapshot {
  readonly definition: ValidDefinition;
  /** SHA-256 of the canonical JSON (RFC 8785) of `definition`, lower-case hex. */
  readonly hash: string;
  /** The stored tasks that nodes name, by task id. */
  readonly tasks: Readonly<Record<string, TaskSnapshot>>;
}

/** One thing wrong with a definition, a config or an input. */
export interface Problem {
  /** Stable, for programs: `NODE_UNKNOWN`, `CYCLE`, `EXPRESSION_SYNTAX`, ... */
  readonly code: string;
  /** JSON pointer (RFC 6901) from the document's root; empty for the root itself. */
  readonly pointer: string;
  readonly message: string;
  /** What was probably meant: a near name. */
  readonly suggestion?: string;
}
