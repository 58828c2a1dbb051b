import { DefaultLogger, Runtime, Worker } from "@temporalio/worker";
import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { silentLogger } from "../core/logger";
import { projectHistory, type RunHistory } from "../events/project-history";
import { decodeHistory } from "../temporal/decode-history";
import { historyFromJson } from "../temporal/export-runs";
import { createRecordSinks } from "../temporal/record-sinks";
import { workflowBundle } from "../temporal/workflow-bundle";

/** The format that `ExportExecution` writes (docs/export.md). */
const FORMAT_VERSION = 1;

export interface ReplayReport {
  readonly executionId: string;
  readonly runs: number;
  readonly events: number;
  /** What is otherwise than in the file; empty where all is the same. */
  readonly differences: readonly string[];
}

interface ExportFile {
  readonly header: JsonObject;
  readonly runs: readonly JsonObject[];
  readonly events: readonly JsonValue[];
}

/**
 * Runs the workflow code over the histories in an export, offline, and projects their events anew. Throws an `Error` that says what
 * is wrong with the file.
 */
export async function replayExport(text: string): Promise<ReplayReport> {
  const { header, runs, events } = readExport(text);
  Runtime.install({ logger: new DefaultLogger("ERROR", () => undefined), telemetryOptions: QUIET });
  const unused = async () => undefined;
  const sinks = createRecordSinks({ started: unused, ended: unused }, silentLogger);
  const differences: string[] = [];
  const histories: RunHistory[] = [];
  for (const run of runs) {
    const history = historyFromJson(isJsonObject(run["history"]) ? run["history"] : {});
    histories.push({ isReset: run["is_reset"] === true, items: decodeHistory(history.events ?? []) });
    try {
      const options = { workflowBundle: await workflowBundle(), sinks };
      await Worker.runReplayHistory(options, history, String(header["temporal_workflow_id"]));
    } catch (error) {
      differences.push(`run ${String(run["run_id"])}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const projected = projectHistory(String(header["temporal_run_id"]), histories);
  differences.push(...differentEvents(events, projected as unknown as readonly JsonValue[]));
  return { executionId: String(header["execution_id"]), runs: runs.length, events: projected.length, differences };
}

/** What the SDK's core logs of a replay that fails is in the error as well. */
const QUIET = { logging: { filter: "OFF", forward: {} } } as const;

function readExport(text: string): ExportFile {
  const lines = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, index) => readLine(line, index + 1));
  const [header] = lines;
  if (header?.["type"] !== "header" || header["format"] !== "aco-export") throw new Error("it is no export");
  if (header["version"] !== FORMAT_VERSION)
    throw new Error(`it is of version ${String(header["version"])} of the format; this aco reads ${FORMAT_VERSION}`);
  const runs = lines.filter(({ type }) => type === "run");
  const events = lines.filter(({ type }) => type === "event").map(({ event }) => event ?? null);
  const end = lines.at(-1);
  const blobs = lines.filter(({ type }) => type === "blob").length;
  const counted = { runs: runs.length, events: events.length, blobs };
  if (end?.["type"] !== "end" || Object.entries(counted).some(([name, count]) => end[name] !== count))
    throw new Error("it is cut off or changed: its last line does not count what is in it");
  return { header, runs, events };
}

function readLine(line: string, number: number): JsonObject {
  let value: JsonValue = null;
  try {
    value = JSON.parse(line) as JsonValue;
  } catch {
    // Said below.
  }
  if (isJsonObject(value)) return value;
  throw new Error(`line ${number} is no JSON object`);
}

/** The first event that is not the same; those after it say no more. */
function differentEvents(recorded: readonly JsonValue[], projected: readonly JsonValue[]): readonly string[] {
  // A run that went on between its events and its histories has more events here.
  const length = hasEnded(recorded) ? Math.max(recorded.length, projected.length) : recorded.length;
  for (let index = 0; index < length; index += 1) {
    const [before, now] = [recorded[index], projected[index]];
    if (sorted(before) === sorted(now)) continue;
    const text = (value: JsonValue | undefined) =>
      value === undefined ? "nothing" : JSON.stringify(value).slice(0, 300);
    return [`event ${index + 1}: in the file ${text(before)}; now ${text(now)}`];
  }
  return [];
}

function hasEnded(events: readonly JsonValue[]): boolean {
  const last = events.at(-1);
  return isJsonObject(last) && (last["type"] === "COMPLETED" || last["type"] === "FAILED");
}

function sorted(value: JsonValue | undefined): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isJsonObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}
