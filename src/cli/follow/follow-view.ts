import type { ClientConfig } from "../../config";
import type { ExecutionEvent } from "../../events/event-types";
import { DEFAULT_HEIGHT, DEFAULT_WIDTH } from "../output/output";
import { harmlessLine, jsonText } from "../output/terminal-text";
import { LiveScreen } from "./live-screen";
import { PlainLines } from "./plain-lines";
import { eventJson } from "./stream-event";

/** Shows an execution while it goes on. Events go to standard output, what `aco` itself has to say to standard error. */
export interface FollowView {
  event(event: ExecutionEvent): void;
  notice(message: string): void;
  /** Shows the last state and stops; nothing may follow. */
  close(): void;
}

export interface Followed {
  readonly executionId: string;
  /** What is executed, for a person: a title or a name; empty where it is not known. */
  readonly label: string;
}

export function isLive(config: ClientConfig): boolean {
  return config.format === "table" && process.stdout.isTTY === true;
}

export function openFollowView(config: ClientConfig, followed: Followed): FollowView {
  if (config.format === "json") return jsonView(followed.executionId);
  if (!isLive(config)) return plainView();
  process.stdout.write(`${harmlessLine(`${followed.label} ${followed.executionId}`).trim()}\n`);
  return new LiveScreen({
    color: config.color,
    label: followed.label || "task",
    write: (text) => process.stdout.write(text),
    writeNotice: (line) => process.stderr.write(line),
    size: () => ({
      // A terminal that does not know its size says 0.
      columns: process.stdout.columns || DEFAULT_WIDTH,
      rows: process.stdout.rows || DEFAULT_HEIGHT,
    }),
  });
}

function jsonView(executionId: string): FollowView {
  return {
    event: (event) => process.stdout.write(`${jsonText(eventJson(event, executionId))}\n`),
    notice: writeNotice,
    close: () => undefined,
  };
}

function plainView(): FollowView {
  const plain = new PlainLines();
  return {
    event: (event) => {
      for (const line of plain.lines(event)) process.stdout.write(`${line}\n`);
    },
    notice: writeNotice,
    close: () => undefined,
  };
}

export function writeNotice(message: string): void {
  process.stderr.write(`aco: ${message}\n`);
}
