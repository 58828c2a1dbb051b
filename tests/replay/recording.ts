import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { temporal } from "@temporalio/proto";
import type { ExecutionEvent } from "../../src/events/event-types";
import { project } from "../../src/events/project";
import { emptyProjection } from "../../src/events/projection-state";
import { decodeHistory } from "../../src/temporal/decode-history";

const { History } = temporal.api.history.v1;

/** A run as it was recorded: what must replay, and what its stream said. One JSON file each. */
export interface Recording {
  readonly workflowId: string;
  readonly runId: string;
  /** `temporal.api.history.v1.History` as protobufjs writes it to JSON. */
  readonly history: { [key: string]: unknown };
  readonly events: readonly ExecutionEvent[];
}

/** One folder for each engine version. */
export const HISTORIES = join(__dirname, "histories");

export function readRecordings(): readonly (readonly [string, Recording])[] {
  return readdirSync(HISTORIES, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => [file.replace(/\.json$/, ""), JSON.parse(readFileSync(join(HISTORIES, file), "utf8")) as Recording]);
}

export function makeRecording(workflowId: string, runId: string, history: temporal.api.history.v1.IHistory): Recording {
  const message = History.fromObject(history);
  const plain = History.toObject(message, { longs: String, enums: String, bytes: String });
  return {
    workflowId,
    runId,
    // Stack traces name folders of the machine that recorded, and replay does not read them.
    history: JSON.parse(JSON.stringify(plain, (key, value: unknown) => (key === "stackTrace" ? "" : value))),
    events: projectHistory(runId, message),
  };
}

export function historyOf({ history }: Recording): temporal.api.history.v1.History {
  return History.fromObject(history);
}

/** The stream of a whole history. */
export function projectHistory(runId: string, history: temporal.api.history.v1.IHistory): readonly ExecutionEvent[] {
  let state = emptyProjection(runId);
  return decodeHistory(history.events ?? []).flatMap((item) => {
    const projected = project(state, item);
    state = projected.state;
    return projected.events;
  });
}
