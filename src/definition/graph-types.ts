import type { JsonObject, JsonValue } from "../core/json";

/** The definition language, version 1, as it stands in JSON. `docs/definition.md` teaches it. */
export interface Definition extends Graph {
  readonly version: 1;
  /** JSON Schema, draft 2020-12, that the input of a run must match. */
  readonly input_schema?: JsonObject;
  /** JSON Schema, draft 2020-12, that the output of a run must match. */
  readonly output_schema?: JsonObject;
  /** What nodes take that do not say it themselves. */
  readonly defaults?: Defaults;
  /** Duration of the whole run; past it the run fails with `RUN_TIMEOUT`. */
  readonly timeout?: string;
  /** Runs after the graph has failed (not after a cancel) and its compensations are done. Sees `error`. */
  readonly on_failure?: Graph;
  /** Runs last, however the run ended, also after a cancel. Sees `error`, which is null after success. */
  readonly finally?: Graph;
  readonly concurrency?: Concurrency;
  /** Text for people and searches; at most 32 of them. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** What a definition, the body of a map or loop, `on_failure` and `finally` have in common. Ids are unique in the whole definition. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly Edge[];
  /** Template of the graph's output; by default `{NODE_ID: output}` of the nodes at which it ended. */
  readonly output?: JsonValue;
}

export interface Defaults {
  readonly retry?: RetryConfig;
  readonly timeout?: TimeoutConfig | string;
  readonly priority?: number;
  readonly lane?: Lane;
}

/** Runs of one workflow that give the same key go one at a time. */
export interface Concurrency {
  /** Template over `input`; its text is the key. */
  readonly key: string;
  /** What happens to a run whose key is taken: it fails, it waits, or the other run is cancelled. `queue` where absent. */
  readonly on_conflict?: "reject" | "queue" | "replace";
}

/** A node of any kind. Each kind is one file in `src/definition/nodes/` and one in `src/engine/nodes/`. */
export type GraphNode =
  | TaskNode
  | TransformNode
  | SwitchNode
  | MapNode
  | LoopNode
  | WorkflowNode
  | WaitNode
  | SignalNode
  | ApprovalNode
  | FailNode
  | EndNode;

/** What every node may say. */
export interface NodeBase {
  /** `[A-Za-z_][A-Za-z0-9_-]{0,63}`, unique in the definition. */
  readonly id: string;
  /** For people; the id where absent. */
  readonly name?: string;
  /** CEL; where it is false the node is skipped: its output is null and the graph goes on as after a success. */
  readonly when?: string;
  /** How many of the paths that lead here must arrive. `all` where absent: of those that are taken. */
  readonly join?: "all" | "any" | number;
  /** What becomes of the paths that an `any` or counted join no longer waits for; `continue` where absent. */
  readonly join_rest?: "continue" | "cancel";
  /** Turns a failure into an output. */
  readonly catch?: Catch;
}

export interface Catch {
  /** Template; sees `error`. Null where absent. */
  readonly output?: JsonValue;
  /** Patterns of failure codes, `*` for any text; all codes where absent. */
  readonly codes?: readonly string[];
}

export interface TaskNode extends NodeBase {
  readonly type: "task";
  readonly config: TaskCall;
  readonly retry?: RetryConfig;
  readonly timeout?: TimeoutConfig | string;
  /** Undoes the task when the run fails or is cancelled after it completed; last completed, first undone. Sees `nodes`. */
  readonly compensate?: TaskCall;
  readonly cache?: Cache;
  /** 1 (first) to 5 (last); 3 where absent. */
  readonly priority?: number;
  readonly lane?: Lane;
}

export type TaskCall = StoredTask | InlineTask;

/** `fast`: for short work: before the tasks of the standard lane, and without a word on the way. */
export type Lane = "standard" | "fast";

export interface Cache {
  /** Template; its text, with the task type, is the key. */
  readonly key: string;
  /** Duration for which a result is taken again. */
  readonly ttl: string;
}

/** Its output is the rendered `output`. */
export interface TransformNode extends NodeBase {
  readonly type: "transform";
  readonly config: { readonly output: JsonValue };
}

/** Picks among its outgoing edges that name a `case`. Output: `{cases: [names]}`. */
export interface SwitchNode extends NodeBase {
  readonly type: "switch";
  readonly config: {
    readonly cases: readonly { readonly name: string; readonly when: string }[];
    /** `first` where absent. */
    readonly mode?: "first" | "all";
  };
}

/** Runs its body, or one task, for each item. Output: `{outputs: [...], failed: [{index, key?, code, message}]}`, in order. */
export interface MapNode extends NodeBase {
  readonly type: "map";
  readonly config: {
    /** CEL that gives a list, or a list of templates. */
    readonly items: string | readonly JsonValue[];
    /** Items at a time, 1 to 1,000; 10 where absent. */
    readonly concurrency?: number;
    /** Failed items that are borne: a count, or a share as `"10%"`. 0 where absent. */
    readonly max_failures?: number | string;
    /** CEL over `item` and `index`; gives the text by which an item is known. Must differ from item to item. */
    readonly item_key?: string;
    /** Sees `item` and `index`, from 0. An item's output is that of the body. */
    readonly body?: Graph;
    /** In place of `body`. An item's output is the task's. */
    readonly task?: TaskCall;
  };
  /** For the task of each item; `total` is of the whole map. */
  readonly timeout?: TimeoutConfig | string;
  /** For the task of each item. */
  readonly retry?: RetryConfig;
}

/** Runs its body again and again. Output: the last iteration's. */
export interface LoopNode extends NodeBase {
  readonly type: "loop";
  readonly config: {
    /** CEL, looked at before each iteration. Sees `iteration`, from 1, and `nodes.THIS.output`, the last iteration's output (null before the first). */
    readonly while?: string;
    /** CEL, looked at after each iteration. One of `while` and `until` is required. */
    readonly until?: string;
    /** 1 to 1,000,000. One that would go on past it fails with `LOOP_EXHAUSTED`. */
    readonly max_iterations: number;
    /** Duration between two iterations. */
    readonly delay?: string;
    readonly body: Graph;
  };
  readonly timeout?: TimeoutConfig | string;
}

/** Another stored workflow, as a run of its own that is cancelled with this one. Output: that run's. */
export interface WorkflowNode extends NodeBase {
  readonly type: "workflow";
  readonly config: {
    readonly workflow_id: string;
    /** Template; `{}` where absent. */
    readonly input?: JsonValue;
  };
  readonly timeout?: TimeoutConfig | string;
}

/** Waits for a time. Output: null. */
export interface WaitNode extends NodeBase {
  readonly type: "wait";
  /** Each a template of its text: a duration, or a time in RFC 3339. A time that has passed is no wait. */
  readonly config: { readonly duration: string } | { readonly until: string };
}

/** Waits for a named message from outside; one that came before is taken at once, oldest first. Output: its payload. */
export interface SignalNode extends NodeBase {
  readonly type: "signal";
  readonly config: {
    readonly name: string;
    /** JSON Schema of the payload. */
    readonly schema?: JsonObject;
    /** Duration; then the node fails with `SIGNAL_TIMEOUT`. */
    readonly timeout?: string;
  };
}

/** Waits for a person. Output: `{approved, by, at, comment, form}`, each null where it is not known. */
export interface ApprovalNode extends NodeBase {
  readonly type: "approval";
  readonly config: {
    /** Template; what the person reads. */
    readonly message: string;
    /** JSON Schema of the form that comes with the answer. */
    readonly schema?: JsonObject;
    /** Who may answer; anybody where absent. */
    readonly approvers?: readonly string[];
    readonly timeout?: string;
    /** `fail` where absent, with `APPROVAL_TIMEOUT`. */
    readonly on_timeout?: "fail" | "approve" | "reject";
    /** What a rejection does: `fail` (where absent, with `APPROVAL_REJECTED`), or `continue` with `approved: false`. */
    readonly on_reject?: "fail" | "continue";
  };
}

/** Fails. */
export interface FailNode extends NodeBase {
  readonly type: "fail";
  readonly config: { readonly code: string; readonly message: string; readonly details?: JsonValue };
}

/** Ends its graph early: what runs is cancelled, and the graph's output is this one. */
export interface EndNode extends NodeBase {
  readonly type: "end";
  readonly config: { readonly output?: JsonValue };
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
  /** Patterns of failure codes that are not tried again, `*` for any text. */
  readonly non_retryable?: readonly string[];
}

/** Durations. A bare string in place of this object is `attempt`; for nodes other than tasks it is `total`. */
export interface TimeoutConfig {
  /** Of one attempt. */
  readonly attempt?: string;
  /** Of the whole node: all attempts and the waits between them. Past it, it fails with `TIMEOUT`. */
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
  /** Pattern of failure codes that the edge follows, `*` for any text; implies `on: "error"`. */
  readonly error?: string;
  /** Taken where no other edge out of the source is taken at this end. */
  readonly else?: true;
  /** Of a switch: taken where this case is picked. */
  readonly case?: string;
  /** Leads back, and starts what it leads to anew. */
  readonly loop?: true;
  /** With `loop`: how often it may be taken, 1 to 10,000; past it the source fails with `LOOP_EXHAUSTED`. */
  readonly max?: number;
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
  /** The stored workflows that nodes of type `workflow` name, and those that these name, by workflow id. */
  readonly workflows?: Readonly<Record<string, WorkflowSnapshot>>;
}

/** A stored workflow as it stood when the run that may start it was started. */
export interface WorkflowSnapshot {
  readonly name: string;
  readonly version: number;
  readonly definition: ValidDefinition;
  readonly hash: string;
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
