import { assertNever } from "../../core/assert-never";
import { durationText } from "../../core/duration-text";
import type { JsonValue } from "../../core/json";
import { pad } from "../../core/text-columns";
import type { ExecutionEvent } from "../../events/event-types";
import { harmless, harmlessLine, jsonText } from "../output/terminal-text";
import { clockText } from "../output/time-text";
import { progressText } from "./progress";

/** A line that has no end yet is shown when it is this long, whether it ends or not. */
const MAX_OPEN_LINE = 8_192;

/**
 * The lines that a pipe gets: `12:00:01 build  completed 1.2s`, and of output `12:00:01 build  | text` (`!` for standard
 * error). It keeps the start of output lines that have not ended, so it is given every event of a stream, in order.
 */
export class PlainLines {
  readonly #openLines = new Map<string, string>();
  #startedAt: number | null = null;
  #nameColumns = 0;

  lines(event: ExecutionEvent): string[] {
    if (event.type === "OUTPUT") return this.#output(event);
    const before = this.#flush(event);
    return [...before, ...this.#described(event)];
  }

  #described(event: ExecutionEvent): string[] {
    const { type, data } = event;
    switch (type) {
      case "STARTED":
        this.#startedAt = Date.parse(event.timestamp);
        return [this.#line(event, `started ${text(data["execution_id"])}`)];
      case "NODE_ENTERED":
        return [this.#line(event, "started")];
      case "PROGRESS":
        return [this.#line(event, progressText(data))];
      case "TOOL_CALL":
        return [this.#line(event, `calls ${text(data["tool"])} ${jsonText(data["arguments"] ?? null)}`)];
      case "TOOL_RESULT":
        return [this.#line(event, `${text(data["tool"])} ${toolResult(data["error"], data["duration_ms"])}`)];
      case "NODE_COMPLETED": {
        const lasted = data["status"] === "skipped" ? "" : took(data["duration_ms"]);
        return [this.#line(event, `${text(data["status"])} ${lasted}${failure(event)}`)];
      }
      case "CHECKPOINT":
        return [];
      case "COMPLETED":
        return [this.#line(event, `completed ${this.#tookInAll(event)}`)];
      case "FAILED": {
        const what = data["code"] === "CANCELLED" ? "cancelled" : "failed";
        const at = typeof data["node_id"] === "string" ? ` at ${data["node_id"]}` : "";
        return [this.#line(event, `${what}${at} ${this.#tookInAll(event)}${failure(event)}`)];
      }
      case "OUTPUT":
        return [];
      default:
        return assertNever(type, "event type");
    }
  }

  #output(event: ExecutionEvent): string[] {
    const { data } = event;
    const key = `${event.nodeId ?? ""}/${text(data["stream"])}`;
    if (typeof data["reference"] === "string")
      return [this.#outputLine(event, `(${data["bytes"]} bytes: ${data["reference"]})`)];
    const parts = ((this.#openLines.get(key) ?? "") + text(data["text"])).split("\n");
    const open = parts.pop() ?? "";
    if (open.length > MAX_OPEN_LINE) {
      parts.push(open);
      this.#openLines.delete(key);
    } else this.#openLines.set(key, open);
    return parts.map((part) => this.#outputLine(event, part));
  }

  /** What a node left without a line break, when it ends. */
  #flush(event: ExecutionEvent): string[] {
    const isEnd = event.type === "NODE_COMPLETED" || event.type === "COMPLETED" || event.type === "FAILED";
    if (!isEnd) return [];
    const prefix = event.nodeId === undefined ? "" : `${event.nodeId}/`;
    const keys = [...this.#openLines.keys()].filter((key) => key.startsWith(prefix));
    return keys.flatMap((key) => {
      const rest = this.#openLines.get(key) ?? "";
      this.#openLines.delete(key);
      const [nodeId = "", stream = ""] = key.split("/");
      if (rest === "") return [];
      const { nodeId: _, ...whole } = event;
      return [this.#outputLine({ ...whole, ...(nodeId === "" ? {} : { nodeId }), data: { stream } }, rest)];
    });
  }

  #outputLine(event: ExecutionEvent, line: string): string {
    return this.#line(event, `${event.data["stream"] === "stderr" ? "!" : "|"} ${harmless(line)}`);
  }

  #line(event: ExecutionEvent, message: string): string {
    const clock = clockText(new Date(event.timestamp));
    const name = harmlessLine(event.nodeId ?? "");
    this.#nameColumns = Math.max(this.#nameColumns, name.length);
    return `${clock} ${name === "" ? "" : `${pad(name, this.#nameColumns)}  `}${message}`.trimEnd();
  }

  #tookInAll(event: ExecutionEvent): string {
    return this.#startedAt === null ? "" : durationText(Date.parse(event.timestamp) - this.#startedAt);
  }
}

function toolResult(error: JsonValue | undefined, durationMs: JsonValue | undefined): string {
  return error === undefined ? `answered ${took(durationMs)}` : `failed ${took(durationMs)}: ${jsonText(error)}`;
}

function took(durationMs: JsonValue | undefined): string {
  return typeof durationMs === "number" ? durationText(durationMs) : "";
}

function failure({ error }: ExecutionEvent): string {
  return error === undefined ? "" : `: ${harmlessLine(error)}`;
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
