import { isUtf8 } from "node:buffer";
import { isOrchestratorError, OrchestratorError } from "../../core/errors";
import { parseExecutionId } from "../../core/ids";
import type { JsonObject, JsonValue } from "../../core/json";
import type { ExecutionEvent } from "../../events/event-types";
import { Secrets } from "../../events/secrets";
import { Execution, type ExportChunk, type ExportExecutionRequest } from "../../gen/proto/executions";
import { mapPayloads } from "../../temporal/export-runs";
import type { ExportedRun, RunReference } from "../../temporal/runs-port";
import type { ApiContext } from "../api-context";
import { encodeExecution } from "../convert/execution";
import { BLOB_CHUNK_BYTES } from "../limits";
import type { ResponseStream } from "../server-stream";
import { loadExecution } from "./load-execution";
import { runReference } from "./repair-execution";

/** Of the file's format; `aco replay` refuses another. */
const FORMAT_VERSION = 1;

interface Gathered {
  readonly runs: readonly (Pick<ExportedRun, "runId" | "isReset"> & { readonly history: JsonObject })[];
  readonly events: readonly ExecutionEvent[];
  readonly blobs: readonly { readonly reference: string; readonly data: Uint8Array }[];
}

export async function exportExecution(
  context: ApiContext,
  request: ExportExecutionRequest,
  stream: ResponseStream<ExportChunk>,
): Promise<void> {
  const id = parseExecutionId(request.executionId, "execution_id");
  const record = await loadExecution(context, id);
  const run = runReference(record);
  if (run === undefined) throw new OrchestratorError("FAILED_PRECONDITION", `execution ${id} has not been started yet`);
  const gathered = await gather(context, run, stream.signal);
  const execution = Execution.toJSON(encodeExecution(record)) as JsonObject;
  const plain = { ...execution, input: record.input ?? null, output: record.output ?? null } as JsonObject;
  for (const line of exportLines(run, plain, gathered)) await writeLine(stream, line);
}

async function gather({ streams, store }: ApiContext, run: RunReference, signal: AbortSignal): Promise<Gathered> {
  try {
    // Before the histories: of a run that goes on meanwhile these then have all that the events are made of.
    const events: ExecutionEvent[] = [];
    for await (const event of streams.soFar(run, signal)) events.push(event);
    const runs: Gathered["runs"][number][] = [];
    for await (const { runId, isReset, toJson } of streams.histories(run)) {
      signal.throwIfAborted();
      runs.push({ runId, isReset, history: toJson() });
    }
    const blobs: { reference: string; data: Uint8Array }[] = [];
    for (const reference of referencesIn(events)) {
      const data = await store.getBlob(reference);
      if (data !== null) blobs.push({ reference, data });
    }
    return { runs, events, blobs };
  } catch (error) {
    if (!isOrchestratorError(error) || error.code !== "NOT_FOUND") throw error;
    const message = `Temporal no longer keeps the history of execution ${run.executionId}`;
    throw new OrchestratorError("FAILED_PRECONDITION", message, { cause: error });
  }
}

function referencesIn(events: readonly ExecutionEvent[]): ReadonlySet<string> {
  return new Set(events.flatMap(({ data: { reference } }) => (typeof reference === "string" ? [reference] : [])));
}

function* exportLines(run: RunReference, execution: JsonObject, { runs, events, blobs }: Gathered) {
  const secrets = new Secrets();
  secrets.gather(execution);
  for (const { history } of runs)
    mapPayloads(history, {
      payload: (value) => {
        secrets.gather(value);
        return value;
      },
      text: (text) => {
        secrets.gather(text);
        return text;
      },
    });
  const remove = {
    payload: (value: JsonValue) => secrets.remove(value),
    text: (text: string) => secrets.removeFrom(text),
  };
  yield {
    type: "header",
    format: "aco-export",
    version: FORMAT_VERSION,
    execution_id: run.executionId,
    temporal_workflow_id: run.temporalWorkflowId,
    temporal_run_id: run.temporalRunId,
    exported_at: new Date().toISOString(),
    secrets_removed: secrets.count,
  };
  yield { type: "execution", execution: secrets.remove(execution) };
  for (const { runId, isReset, history } of runs)
    yield { type: "run", run_id: runId, is_reset: isReset, history: mapPayloads(history, remove) };
  for (const event of events) yield { type: "event", event: secrets.remove(event as unknown as JsonObject) };
  for (const { reference, data } of blobs)
    yield { type: "blob", reference, ...blobContent(Buffer.from(data), secrets) };
  yield { type: "end", runs: runs.length, events: events.length, blobs: blobs.length };
}

/** As text where it is one; a program may write any bytes, and what is cut in the middle of a character is no text either. */
function blobContent(data: Buffer, secrets: Secrets): { readonly text: string } | { readonly base64: string } {
  if (isUtf8(data)) return { text: secrets.removeFrom(data.toString("utf8")) };
  let bytes = data.toString("latin1");
  for (const [secret, placeholder] of secrets.replacements())
    bytes = bytes.replaceAll(Buffer.from(secret).toString("latin1"), placeholder);
  return { base64: Buffer.from(bytes, "latin1").toString("base64") };
}

async function writeLine(stream: ResponseStream<ExportChunk>, line: unknown): Promise<void> {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  for (let start = 0; start < bytes.length; start += BLOB_CHUNK_BYTES)
    await stream.write({ data: bytes.subarray(start, start + BLOB_CHUNK_BYTES) });
}
