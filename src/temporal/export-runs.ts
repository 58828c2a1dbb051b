import type { Client } from "@temporalio/client";
import { temporal } from "@temporalio/proto";
import { OrchestratorError } from "../core/errors";
import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { isRunClosed } from "../events/run-closed";
import { decodeHistory } from "./decode-history";
import { resetOf } from "./reset-run";
import type { ExportedRun, RunReference } from "./runs-port";

const { History } = temporal.api.history.v1;

const READ_TIMEOUT_MS = 60_000;

/** Whoever reads histories holds them in memory. Temporal lets one run have 50 MB; a chain may have several runs. */
const MAX_HISTORY_BYTES = 200_000_000;

/**
 * The histories of an execution's runs, in the order in which its stream tells of them. Throws what the client throws, and
 * RESOURCE_EXHAUSTED.
 */
export async function* exportRuns(
  client: Client,
  run: RunReference,
  maxBytes: number = MAX_HISTORY_BYTES,
): AsyncGenerator<ExportedRun> {
  let runId = run.temporalRunId;
  let bytes = 0;
  for (let isReset = false; ; ) {
    const history = await client.connection.withDeadline(Date.now() + READ_TIMEOUT_MS, () =>
      client.workflow.getHandle(run.temporalWorkflowId, runId).fetchHistory(),
    );
    bytes += History.encode(history).finish().length;
    if (bytes > maxBytes)
      throw new OrchestratorError("RESOURCE_EXHAUSTED", `the histories have more than ${maxBytes} bytes`);
    const items = decodeHistory(history.events ?? []);
    yield { runId, isReset, items, toJson: () => historyToJson(history) };
    const last = items.at(-1);
    if (last === undefined || (last.type !== "continued_as_new" && !isRunClosed(last))) return;
    const reset = await resetOf(client, run, { runId, last });
    if (reset !== undefined && reset !== "from the start") {
      runId = reset;
      isReset = true;
    } else if (last.type === "continued_as_new") {
      runId = last.newRunId;
      isReset = false;
    } else return;
  }
}

/** Not the SDK's own `historyToJSON`: it throws where npm has installed protobufjs twice. */
function historyToJson(history: temporal.api.history.v1.IHistory): JsonObject {
  return History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String }) as JsonObject;
}

/** The inverse of `toJson` of what `exportRuns` gives. Throws for what is no history. */
export function historyFromJson(history: JsonObject): temporal.api.history.v1.History {
  return History.fromObject(history);
}

/** A value with each JSON payload in it decoded, changed and encoded again, and the rest changed as it is. */
export function mapPayloads(
  value: JsonValue,
  change: { readonly payload: (decoded: JsonValue) => JsonValue; readonly text: (text: string) => string },
): JsonValue {
  if (typeof value === "string") return change.text(value);
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => mapPayloads(item, change));
  if (!isJsonObject(value)) return value;
  const decoded = decodeJsonPayload(value);
  if (decoded !== undefined)
    return { ...value, data: Buffer.from(JSON.stringify(change.payload(decoded))).toString("base64") };
  const entries = Object.entries(value).map(([key, item]) => [key, mapPayloads(item as JsonValue, change)]);
  return Object.fromEntries(entries) as JsonObject;
}

/** Undefined for what is no payload of JSON. */
function decodeJsonPayload({ metadata, data }: JsonObject): JsonValue | undefined {
  if (!isJsonObject(metadata) || typeof metadata["encoding"] !== "string" || typeof data !== "string") return undefined;
  if (!Buffer.from(metadata["encoding"], "base64").toString().startsWith("json/")) return undefined;
  try {
    return JSON.parse(Buffer.from(data, "base64").toString()) as JsonValue;
  } catch {
    return undefined;
  }
}
