import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import type { ExecutionEvent } from "../../events/event-types";
import { EventFold, type FoldedEvents } from "../../events/fold-events";
import { progressText } from "../follow/progress";
import { harmless, harmlessLine } from "../output/terminal-text";
import { NO_USAGE, sum, type Usage, usageOf } from "./usage";

/** Lines of output that are kept of one node, and characters of one line: what fits on a screen, for thousands of nodes. */
const MAX_TAIL_LINES = 60;
const MAX_LINE_LENGTH = 500;
/** Characters of an output's JSON. */
const MAX_OUTPUT_LENGTH = 2_000;

/** The execution of a task has one node, which has no id of its own. */
export const TASK_NODE = "task";

/** What an approval shows to a person. */
export interface ApprovalText {
  readonly message: string;
  readonly approvers: readonly string[];
  /** JSON Schema of its form; absent where it has none. */
  readonly formSchema?: string;
}

/** What a node has said. */
export interface NodeTalk {
  /** Its last lines of output and what else it told, oldest first; harmless in a terminal. */
  readonly tail: readonly string[];
  /** The beginning of a line of output that has not ended, as it was written. */
  readonly open: string;
  readonly usage: Usage;
  /** JSON, cut; absent until it has one. */
  readonly output?: string;
  /** Of an approval. */
  readonly approval?: ApprovalText;
}

/** Where an execution stands, for the live view; what the events say and nothing else. */
export interface LiveModel {
  readonly instances: FoldedEvents["instances"];
  readonly talk: ReadonlyMap<string, NodeTalk>;
  readonly startedAtMs: number | null;
  readonly end: FoldedEvents["end"];
  readonly queuedBehind: string | undefined;
  /** Null while it is not paused. */
  readonly pause: { readonly by?: string; readonly before?: string } | null;
  /** Set by a person while it runs; null where only the definition says. Milliseconds since 1970. */
  readonly movedDeadlineMs: number | null;
  readonly usage: Usage;
  /** The instance that was heard of last; null before the first. */
  readonly latestId: string | null;
}

interface MutableTalk {
  tail: string[];
  /** A line that has not ended. */
  open: string;
  usage: Usage;
  output?: string;
  approval?: ApprovalText;
}

/** Takes the events of a stream in their order, each at the same cost however many nodes there are. */
export class LiveFold {
  readonly #fold = new EventFold();
  readonly #talk = new Map<string, MutableTalk>();
  #isOfTask = false;
  #pause: LiveModel["pause"] = null;
  #movedDeadlineMs: number | null = null;
  #usage = NO_USAGE;
  #latestId: string | null = null;

  add(given: ExecutionEvent): void {
    this.#isOfTask ||= given.type === "STARTED" && "task_type" in given.data;
    for (const event of this.#isOfTask ? asNodeEvents(given) : [given]) this.#take(event);
  }

  model(): LiveModel {
    const { instances, startedAtMs, end, queuedBehind } = this.#fold.folded();
    return {
      instances,
      talk: this.#talk,
      startedAtMs,
      end,
      queuedBehind,
      pause: end === null ? this.#pause : null,
      movedDeadlineMs: this.#movedDeadlineMs,
      usage: this.#usage,
      latestId: this.#latestId,
    };
  }

  #take(event: ExecutionEvent): void {
    this.#fold.add(event);
    const { nodeId, data } = event;
    if (nodeId === undefined) {
      if (isJsonObject(data["control"])) this.#control(data["control"]);
      return;
    }
    this.#latestId = nodeId;
    const talk = this.#talk.get(nodeId) ?? { tail: [], open: "", usage: NO_USAGE };
    this.#talk.set(nodeId, talk);
    const usage = usageOf(event);
    if (usage !== null) {
      talk.usage = sum(talk.usage, usage);
      this.#usage = sum(this.#usage, usage);
    }
    hear(talk, event);
  }

  #control(control: JsonObject): void {
    const { action, by, node_id, deadline } = control;
    if (action === "pause") this.#pause = typeof by === "string" ? { by } : {};
    if (action === "break") this.#pause = typeof node_id === "string" ? { before: node_id } : {};
    if (action === "resume") this.#pause = null;
    if (action === "update" && typeof deadline === "string") this.#movedDeadlineMs = Date.parse(deadline);
  }
}

/** The events of a task's execution, as those of a graph with one node. */
function asNodeEvents(event: ExecutionEvent): readonly ExecutionEvent[] {
  const { type, data, error } = event;
  const ofNode = (change: Partial<ExecutionEvent>): ExecutionEvent => ({ ...event, nodeId: TASK_NODE, ...change });
  switch (type) {
    case "STARTED":
      return [event, ofNode({ type: "NODE_ENTERED", data: { node_type: data["task_type"] ?? "task" } })];
    case "COMPLETED":
      return [ofNode({ type: "NODE_COMPLETED", data: { ...data, status: "completed" } }), event];
    case "FAILED": {
      const status = data["code"] === "CANCELLED" ? "cancelled" : "failed";
      const ended = ofNode({ type: "NODE_COMPLETED", data: { ...data, status } });
      return [error === undefined ? ended : { ...ended, error }, event];
    }
    case "OUTPUT":
    case "PROGRESS":
    case "TOOL_CALL":
    case "TOOL_RESULT":
      return [isJsonObject(data["control"]) || "holder" in data || "retracted_from" in data ? event : ofNode({})];
    case "NODE_ENTERED":
    case "NODE_COMPLETED":
    case "CHECKPOINT":
      return [event];
  }
}

function hear(talk: MutableTalk, { type, data }: ExecutionEvent): void {
  switch (type) {
    case "NODE_ENTERED": {
      const approval = data["node_type"] === "approval" ? approvalText(data["input"]) : undefined;
      if (approval !== undefined) talk.approval = approval;
      return;
    }
    case "OUTPUT":
      if (typeof data["reference"] === "string") say(talk, `(${data["bytes"]} bytes of ${textOf(data["stream"])})`);
      else hearText(talk, textOf(data["text"]));
      return;
    case "PROGRESS":
      say(talk, harmlessLine(progressText(data)));
      return;
    case "TOOL_CALL":
      say(talk, harmlessLine(`> ${textOf(data["tool"])} ${jsonOf(data["arguments"])}`));
      return;
    case "TOOL_RESULT": {
      const [word, value] = "error" in data ? ["failed", data["error"]] : ["answered", data["result"]];
      say(talk, harmlessLine(`< ${textOf(data["tool"])} ${word} ${jsonOf(value)}`));
      return;
    }
    case "NODE_COMPLETED":
      if (talk.open !== "") say(talk, "");
      if (typeof data["reused_from"] === "string") say(talk, harmlessLine(`reused from ${data["reused_from"]}`));
      if (data["injected"] === true) say(talk, "its output was given with the redrive");
      if (data["output"] !== undefined) talk.output = jsonOf(data["output"]);
      else if (typeof data["output_bytes"] === "number") talk.output = `${data["output_bytes"]} bytes`;
      return;
    case "STARTED":
    case "CHECKPOINT":
    case "COMPLETED":
    case "FAILED":
      return;
  }
}

/** Lines that have ended, and the start of one that has not. */
function hearText(talk: MutableTalk, text: string): void {
  const parts = (talk.open + text).split("\n");
  talk.open = (parts.pop() ?? "").slice(-MAX_LINE_LENGTH);
  keep(talk, parts.slice(-MAX_TAIL_LINES));
}

/** A line of its own, after what has not ended. */
function say(talk: MutableTalk, text: string): void {
  const open = talk.open === "" ? [] : [talk.open];
  talk.open = "";
  keep(talk, text === "" ? open : [...open, text]);
}

function keep(talk: MutableTalk, lines: readonly string[]): void {
  // Escape sequences and wide gaps would break the layout.
  const shown = lines.map((one) => harmless(one).replaceAll("\t", "    ").slice(0, MAX_LINE_LENGTH));
  talk.tail = [...talk.tail, ...shown].slice(-MAX_TAIL_LINES);
}

function approvalText(input: JsonValue | undefined): ApprovalText | undefined {
  if (!isJsonObject(input)) return undefined;
  const { message, approvers, schema } = input;
  return {
    message: harmless(textOf(message)),
    approvers: Array.isArray(approvers) ? approvers.map((one: JsonValue) => harmlessLine(textOf(one))) : [],
    ...(isJsonObject(schema) ? { formSchema: JSON.stringify(schema) } : {}),
  };
}

function jsonOf(value: JsonValue | undefined): string {
  return value === undefined ? "" : harmless(JSON.stringify(value)).slice(0, MAX_OUTPUT_LENGTH);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
